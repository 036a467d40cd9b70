// SPDX-License-Identifier: GPL-3.0-or-later
// Below which of its numbers each cell fires that settles: what `automaton.settling` says, in integers. One thread a cell.

#include "cards.cuh"

void main() {
  int y = top + DOWN, x = ACROSS;
  if (y >= bottom || x >= wide) return;
  uint below = uint(as_ever);
  if (has_habitat != 0) {
    vec4 halves = ONE(habitat, y + edge, x + edge);
    below = uint(halves.x) << 16 | uint(halves.y);
  }
  float since = largest(ONE(arrival, y, x).x, has_woken != 0 ? ONE(woken, y, x).x : float(woken_at));
  int left = since >= never ? settling : clamp(2 * settling - (now - int(since)), 0, settling);
  // below * left / settling, which has more than 32 bits on its way: the upper half of it, and then what that leaves
  uint many = uint(left), all = uint(settling), upper = (below >> 16) * many;
  uint rest = (upper % all) << 16, lower = (below & 0xFFFFu) * many;
  uint fewer = ((upper / all) << 16) + rest / all + lower / all + (rest % all + lower % all) / all;
  if (fewer == 0u && below != 0u) fewer = 1u;
  imageStore(quieted, ivec2(x + edge, y + edge), vec4(float(fewer >> 16), float(fewer & 0xFFFFu), 0.0f, 0.0f));
}
