// SPDX-License-Identifier: GPL-3.0-or-later
// Since when cells live, and how seldom those fire that have lived long.

#include "grid.h"

// ---- arrival, as `automaton.arrival.date` says ----

// arrival (height * width): the step at which each of the cells `from` to `to` came alive; NEVER, the largest number, for
// those that have not.
#define NEVER INT32_MAX

void nca_date(long from, long to, long channels, int32_t step, const float *state, const int32_t *before,
              int32_t *arrival) {
  for (long cell = from; cell < to; cell++) {
    const float life = state[cell * channels + LIFE];
    const int32_t since = life > ALIVE_ABOVE && before[cell] > step ? step : before[cell];
    arrival[cell] = life == 0 ? NEVER : since;
  }
}

// ---- settling, as `automaton.settling.quiet` says ----

// fewer (height * width): below which of its numbers each of the cells `from` to `to` fires in a step. `each` (height *
// width): when it was woken, or NULL, and all were at `all`; `below` (height * width): what it were without, or NULL, and it
// is `ever` for all.
void nca_quiet(long from, long to, int32_t step, int32_t settling, int32_t all, uint32_t ever, const int32_t *arrival,
               const int32_t *each, const uint32_t *below, uint32_t *fewer) {
  for (long cell = from; cell < to; cell++) {
    const int64_t woken = each ? each[cell] : all, arrived = arrival[cell];
    int64_t left = 2 * (int64_t)settling - (step - (woken > arrived ? woken : arrived));
    left = left < 0 ? 0 : left > settling ? settling : left;
    const uint32_t was = below ? below[cell] : ever;
    const uint32_t now = (uint32_t)(was * (uint64_t)left / (uint64_t)settling);
    fewer[cell] = was && !now ? 1 : now;
  }
}
