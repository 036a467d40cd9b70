// SPDX-License-Identifier: GPL-3.0-or-later
// What ties take, written into the cells that they stand in, of `size` fours each: one thread a four.

#include "cards.cuh"
#include "step_equations.cuh"

void main() {
  int tie = DOWN * LINE + ACROSS / size, part = ACROSS % size;
  if (ACROSS >= LINE * size || tie >= ties) return;
  vec4 place = ONE(places, DOWN, ACROSS / size), sum = vec4(0.0f);
  for (int tap = 0; tap < TIE_TAPS; tap++) {
    vec4 source = ONE(sources, DOWN, ACROSS / size * TIE_TAPS + tap);  // down, across, how much it counts
    sum += source.z * imageLoad(cells, ivec2(int(source.y) * size + part, int(source.x)));
  }
  ivec2 at = ivec2(int(place.y) * size + part, int(place.x));
  if (of_life != 0) sum.y = imageLoad(cells, at).y;  // whether the cell itself lives
  imageStore(cells, at, sum);
}
