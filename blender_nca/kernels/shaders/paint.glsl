// SPDX-License-Identifier: GPL-3.0-or-later
// Painting by one painter: one thread a pixel. The first one begins, each further one adds to what the ones before painted, and the
// last one ends with maps in [0, 1]; or, where `live`, with the two images that Blender shows, whose first row is the lowest.
//
// `reach` is TAPS, and `units` PAINTING: drivers take seconds over long loops whose length they know.

#include "cards.cuh"
#include "painting_equations.cuh"
#include "painted.h"

void main() {
  int row = top + DOWN, y = first + row, x = ACROSS;
  if (row >= bottom || x >= wide * pixels) return;
  vec4 seen[INPUTS];
  float share = 0.0f;
  for (int q = 0; q < QUADS; q++) seen[q] = vec4(0.0f);
  for (int i = 0; i < reach; i++) {
    float down = ONE(taps, y % pixels, i).x;
    if (down == 0.0f) continue;
    int cell_y = beside(y / pixels + i - SUPPORT, high, wrap);
    for (int j = 0; j < TAPS; j++) {
      int cell_x = beside(x / pixels + j - SUPPORT, wide, wrap);
      float weight = down * ONE(taps, x % pixels, j).x;
      for (int q = 0; q < QUADS; q++) seen[q] += weight * FOUR(state, cell_y + edge, cell_x + edge, q);
      if (shared_out != 0) share += weight * ONE(shares, cell_y + edge, cell_x + edge).x;
    }
  }
#if GRAIN
  for (int q = 0; q < GRAINS; q++) seen[QUADS + q] = ONE(grain, y % grained, x % grained * GRAINS + q);
#endif
  if (shared_out == 0) share = 1.0f;
  PAINT
  ivec2 place = ivec2(x, live != 0 ? rows - 1 - row : row);
  END(place)
}
