// SPDX-License-Identifier: GPL-3.0-or-later
// Painting beside the borders of a surface's islands, by one painter: one thread a pixel, of the cells that `manifold.canvas` names.
//
// `sides` is always 2: see `reach` in paint.glsl.

#include "cards.cuh"
#include "painting_equations.cuh"
#include "painted.h"

void main() {
  int line = top + DOWN, x = ACROSS;
  if (line >= bottom || x >= LINE || line * LINE + x >= count) return;
  vec4 of_pixel = ONE(pixels_told, line, x);  // its patch, the one over the seam, how much of that is mixed in
  vec4 lies = ONE(offsets, line, x);          // where in each: down and right from the middle
  vec4 seen[INPUTS];
  float share = 0.0f;
  for (int q = 0; q < QUADS; q++) seen[q] = vec4(0.0f);
  for (int side = 0; side < sides; side++) {
    float mixed = side == 0 ? 1.0f - of_pixel.z : of_pixel.z;
    if (mixed == 0.0f) continue;
    int patch_number = int(side == 0 ? of_pixel.x : of_pixel.y);
    float down = side == 0 ? lies.x : lies.z, along = side == 0 ? lies.y : lies.w;
    for (int i = 0; i < reach; i++)
      for (int j = 0; j < TAPS; j++) {
        int place = patch_number % PATCHES * TAPS * TAPS + i * TAPS + j;
        int cell = int(ONE(patches, patch_number / PATCHES, place).x), tie = cell - cells;
        float weight = mixed * weigh(down - float(i - SUPPORT)) * weigh(along - float(j - SUPPORT));
        for (int q = 0; q < QUADS; q++)
          seen[q] += weight * (tie < 0 ? FOUR(state, cell / wide + edge, cell % wide + edge, q)
                                       : FOUR(tied, tie / LINE, tie % LINE, q));
        if (shared_out != 0) share += weight * ONE(shares, cell / LINE, cell % LINE).x;
      }
  }
#if GRAIN
  for (int q = 0; q < GRAINS; q++) seen[QUADS + q] = ONE(grain, line, x * grained + q);
#endif
  if (shared_out == 0) share = 1.0f;
  PAINT
  ivec2 place = ivec2(x, line);
  END(place)
}
