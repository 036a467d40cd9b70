// SPDX-License-Identifier: GPL-3.0-or-later
// When the cells came alive, after one step more: what `automaton.arrival` says. One thread a cell; steps are exact up to 2^24.

#include "cards.cuh"
#include "step_equations.cuh"

void main() {
  int y = top + DOWN, x = ACROSS;
  if (y >= bottom || x >= wide) return;
  float living = FOUR(state, y + edge, x + edge, 0).w, since = begins != 0 ? never : ONE(arrival, y, x).x;
  if (living > ALIVE_ABOVE && since > float(now)) since = float(now);
  if (living == 0.0f) since = never;
  imageStore(dated, ivec2(x, y), vec4(since, 0.0f, 0.0f, 0.0f));
}
