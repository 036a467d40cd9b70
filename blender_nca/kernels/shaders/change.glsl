// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of some rows become by one rule, before the mask: one thread a cell. The first rule begins with the state,
// each further one adds to it.

#include "cards.cuh"
#include "step_equations.cuh"

#define LIFE_AT(y, x) FOUR(before, beside(y, high, wrap), beside(x, wide, wrap), 0).w

void main() {
  int y = top + DOWN, x = ACROSS;
  if (y >= bottom || x >= wide) return;
  float most = 0.0f;
  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++) most = largest(most, LIFE_AT(y + dy, x + dx));
  vec4 by = turned != 0 ? ONE(turns, y, x) : vec4(1.0f);  // as TURN takes them, and whether the cell is on
  uint below = uint(threshold);
  if (has_habitat != 0) {
    vec4 halves = ONE(habitat, y, x);  // of 32 bits: a card reads no more than 24 in one number
    below = uint(halves.x) << 16 | uint(halves.y);
  }
  bool may = by.w > 0.0f && (has_habitat == 0 || below > 0u), lives = may && most > ALIVE_ABOVE;
  // chance counts cells without the surroundings
  int counted = turned != 0 ? (y - 1) * (wide - 2) + x - 1 : y * wide + x;
  float share = shared_out != 0 ? ONE(shares, y, x).x : 1.0f;

  vec4 change[QUADS];
  for (int q = 0; q < QUADS; q++) change[q] = vec4(0.0f);
  if (lives && share > 0.0f && mix(uint(counted) ^ uint(key)) < below) {
    int above = beside(y - 1, high, wrap), under = beside(y + 1, high, wrap);
    int left = beside(x - 1, wide, wrap), right = beside(x + 1, wide, wrap);
    vec4 percepts[PERCEPTS];
    for (int q = 0; q < QUADS; q++) {
      vec4 nw = FOUR(before, above, left, q), n = FOUR(before, above, x, q), ne = FOUR(before, above, right, q);
      vec4 west = FOUR(before, y, left, q), centre = FOUR(before, y, x, q), east = FOUR(before, y, right, q);
      vec4 sw = FOUR(before, under, left, q), s = FOUR(before, under, x, q), se = FOUR(before, under, right, q);
      EACH_COMPONENT(PERCEIVE)
    }
    if (turned != 0)
      for (int q = 0; q < QUADS; q++) {
        vec4 x = percepts[QUADS + q], y = percepts[2 * QUADS + q];
        EACH_COMPONENT(TURN)
      }
    for (int unit = 0; unit < HIDDEN; unit++) {
      vec4 sum = rule.of[unit * ROW + PERCEPTS];  // the bias, and zeros
      for (int q = 0; q < PERCEPTS; q++) sum += rule.of[unit * ROW + q] * percepts[q];
      float hidden = largest(sum.x + sum.y + (sum.z + sum.w), 0.0f);
      for (int q = 0; q < QUADS; q++) change[q] += rule.of[unit * ROW + PERCEPTS + 1 + q] * hidden;
    }
  }
  for (int q = 0; q < QUADS; q++) {
    ivec2 place = ivec2(x * QUADS + q, y);
    vec4 cell = begins != 0 ? FOUR(before, y, x, q) : imageLoad(after, place);
    cell += share * change[q];
    imageStore(after, place, cell);
    if (q == 0) imageStore(life, ivec2(x, y), vec4(cell.w, lives ? 1.0f : 0.0f, 0.0f, 0.0f));
  }
}
