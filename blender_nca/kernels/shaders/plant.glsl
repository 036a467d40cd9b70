// SPDX-License-Identifier: GPL-3.0-or-later
// The state at frame 0: where seeds are, life and all hidden channels are one, all else is zero. One thread a cell.

#include "cards.cuh"

void main() {
  int y = top + DOWN, x = ACROSS;
  if (y >= bottom || x >= wide) return;
  float seed = ONE(seeds, y, x).x;
  for (int q = 0; q < QUADS; q++)
    imageStore(cells, ivec2(x * QUADS + q, y), q == 0 ? vec4(0.0f, 0.0f, 0.0f, seed) : vec4(seed));
}
