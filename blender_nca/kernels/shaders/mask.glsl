// SPDX-License-Identifier: GPL-3.0-or-later
// Erase what does not live: before and after the step, it or a neighbour has more life than ALIVE_ABOVE. One thread a cell.

#include "cards.cuh"
#include "step_equations.cuh"

void main() {
  int y = top + DOWN, x = ACROSS;
  if (y >= bottom || x >= wide) return;
  float most = 0.0f;
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      most = largest(most, ONE(life, beside(y + dy, high, wrap), beside(x + dx, wide, wrap)).x);
  if (ONE(life, y, x).y > 0.0f && most > ALIVE_ABOVE) return;
  for (int q = 0; q < QUADS; q++) imageStore(after, ivec2(x * QUADS + q, y), vec4(0.0f));
}
