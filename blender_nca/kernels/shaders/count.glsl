// SPDX-License-Identifier: GPL-3.0-or-later
// How many of SPAN cells side by side live: one thread so many cells.

#include "cards.cuh"
#include "step_equations.cuh"

void main() {
  int y = top + DOWN, first = ACROSS * SPAN, living = 0;
  if (y >= bottom || first >= wide) return;
  for (int x = first; x < wide && x < first + SPAN; x++) {
    float most = 0.0f;
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++)
        most = largest(most, FOUR(state, beside(y + dy, high, wrap), beside(x + dx, wide, wrap), 0).w);
    if (most > ALIVE_ABOVE && (turned == 0 || ONE(turns, y, x).w > 0.0f)) living++;
  }
  imageStore(counts, ivec2(ACROSS, y), vec4(float(living), 0.0f, 0.0f, 0.0f));
}
