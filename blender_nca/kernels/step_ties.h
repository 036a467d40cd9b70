// SPDX-License-Identifier: GPL-3.0-or-later
// A step on a surface: the runs of cells that there are, and the ties through which those beside a seam see the other side.

#pragma once

#include "step_work.h"

// Runs of cells that a step looks at: of a surface those beside cells that are on, and these; of others all of a row.
INLINE int has_runs(const work *k, long y) { return k->on && y >= 0 && y < k->height; }
INLINE long runs_of(const work *k, long y) { return has_runs(k, y) ? k->run_row[y + 1] - k->run_row[y] : 1; }
INLINE long begin_of(const work *k, long y, long n) { return has_runs(k, y) ? k->run[2 * (k->run_row[y] + n)] : 0; }
INLINE long end_of(const work *k, long y, long n) {
  return has_runs(k, y) ? k->run[2 * (k->run_row[y] + n) + 1] : k->width;
}

INLINE void fetch_tie(const work *k, long t) {
  for (int tap = 0; tap < TIE_TAPS; tap++)
    __builtin_prefetch(k->state + k->source[t * TIE_TAPS + tap] * k->channels);
}

// Number `number` of `bands` has its share of the ties take their states.
static void gather_ties(const work *k, long number) {
  const long c = k->channels, ties = k->tie_row[k->height + 2], end = (number + 1) * ties / k->bands;
  for (long t = number * ties / k->bands; t < end; t++) {
    if (t + AHEAD < end) fetch_tie(k, t + AHEAD);
    const int32_t *from = k->source + t * TIE_TAPS;
    const float *weight = k->weight + t * TIE_TAPS;
    for (long l = 0; l < c; l += LANES) {
      vector sum = weight[0] * *(const vector *)(k->state + from[0] * c + l);
      for (int tap = 1; tap < TIE_TAPS; tap++)
        sum += weight[tap] * *(const vector *)(k->state + from[tap] * c + l);
      *(vector *)(k->tied + t * c + l) = sum;
    }
  }
}

// A row of the state, also one above or below the grid, as far as cells that are on see it.
static void copy_runs(const work *k, long y, seen *to) {
  const long c = k->channels, w = k->width;
  clear_cells(c, 1, to->cells, to->life);
  clear_cells(c, 1, to->cells + (w + 1) * c, to->life + w + 1);
  for (long n = 0; n < runs_of(k, y); n++) {
    const long x = begin_of(k, y, n), size = end_of(k, y, n) - x;
    if (y >= 0 && y < k->height && k->peopled[y])
      copy_cells(c, size, k->state + (y * w + x) * c, to->cells + (x + 1) * c, to->life + x + 1);
    else
      clear_cells(c, size, to->cells + (x + 1) * c, to->life + x + 1);
  }
}

// Write into such a row what ties have there; nothing where there is no surface.
static void lay_ties(const work *k, long y, seen *to) {
  const long c = k->channels, w = k->width;
  if (!k->on) return;
  for (long t = k->tie_row[y + 1]; t < k->tie_row[y + 2]; t++) {
    const long x = k->place[t] - (y + 1) * (w + 2);
    copy_cells(c, 1, k->tied + t * c, to->cells + x * c, to->life + x);
  }
}

// Cells of row y that lived before the change and that nothing in the band's own rows keeps alive; those of other bands may
// be written meanwhile.
static void find_dying(const work *k, const band *b, long y, uint8_t *restrict dying) {
  const long w = k->width;
  if (y < 0 || y >= k->height) {
    memset(dying, 0, w);
    return;
  }
  memcpy(dying, k->alive + y * w, w);
  for (long row = y - 1; row <= y + 1; row++) {
    const uint8_t *beside = k->beside + row * w;
    for (long x = 0; row >= b->first && row < b->end && x < w; x++) dying[x] &= beside[x] ^ 1;
  }
}

// Let the life that ties have after the change count for the cells beside them, in rows from `first` to before `end`.
// Only ties beside cells that would die without them are looked at, which are few.
static void look_at_ties(const work *k, const band *b, long first, long end) {
  const long w = k->width, c = k->channels;
  uint8_t *dying[3] = {b->ring[0].beside, b->ring[1].beside, b->ring[2].beside}, *asked = b->life;
  for (int i = 0; i < 2; i++) find_dying(k, b, first - 1 + i, dying[i]);
  for (long y = first; y < end; y++) {
    uint8_t *beside = k->beside + y * w;
    if (y < 0 || y == k->height) memset(beside, 0, w);
    find_dying(k, b, y + 1, dying[2]);
    unite(w, dying[0], dying[1], dying[2], asked);
    const long last = any_of(w, asked) ? k->tie_row[y + 2] : k->tie_row[y + 1];
    for (long t = k->tie_row[y + 1]; t < last; t++) {
      const long x = k->place[t] - (y + 1) * (w + 2) - 1, from = x > 0 ? x - 1 : 0;
      const long size = (x + 2 < w ? x + 2 : w) - from;
      if (!memchr(asked + from, 1, size)) continue;
      float life = 0;
      for (int tap = 0; tap < TIE_TAPS; tap++)
        life += k->weight[t * TIE_TAPS + tap] * k->state[k->source[t * TIE_TAPS + tap] * c + LIFE];
      if (life > ALIVE_ABOVE) memset(beside + from, 1, size);
    }
    uint8_t *row = dying[0];
    dying[0] = dying[1], dying[1] = dying[2], dying[2] = row;
  }
}
