// SPDX-License-Identifier: GPL-3.0-or-later
// What ties take from cells, one after the other: one thread a four.

#include "cards.cuh"
#include "step_equations.cuh"

void main() {
  int line = top + DOWN, at = ACROSS / QUADS, q = ACROSS % QUADS;
  if (line >= bottom || at >= LINE) return;
  vec4 sum = vec4(0.0f);
  for (int tap = 0; tap < TIE_TAPS; tap++) {
    vec4 source = ONE(sources, line, at * TIE_TAPS + tap);  // down, across, how much it counts
    sum += source.z * FOUR(state, int(source.x), int(source.y), q);
  }
  imageStore(tied, ivec2(ACROSS, line), sum);
}
