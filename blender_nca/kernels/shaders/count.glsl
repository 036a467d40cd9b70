// SPDX-License-Identifier: GPL-3.0-or-later
// How many cells of each row live: one thread a row.

#include "cards.cuh"
#include "step_equations.cuh"

void main() {
  int y = top + ACROSS, living = 0;
  if (y >= bottom) return;
  for (int x = 0; x < wide; x++) {
    float most = 0.0f;
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++)
        most = largest(most, FOUR(state, beside(y + dy, high, wrap), beside(x + dx, wide, wrap), 0).w);
    if (most > ALIVE_ABOVE && (turned == 0 || ONE(turns, y, x).w > 0.0f)) living++;
  }
  imageStore(counts, ivec2(y, 0), vec4(float(living), 0.0f, 0.0f, 0.0f));
}
