// SPDX-License-Identifier: GPL-3.0-or-later
// What steps work on: the grid that all threads share, a row as it was before the step, the band of a thread. And how cells
// and flags are copied, cleared and united.

#pragma once

#include "grid.h"
#include "tiles.h"

#define TIE_TAPS 4
#define AHEAD 8  // what lies anywhere is fetched so many ties or cells before it is read

// Products of a draft: none, those of vectors, those of tiles.
enum { FULL, VECTORS, TILES };

typedef struct {
  const float *into_hidden, *hidden_bias, *out_of_hidden;
  const float *share;  // (height, width): how much the rule counts in each cell; NULL where it counts fully everywhere
} rule;

typedef struct {
  long height, width, channels, hidden;
  int32_t wrap, rules, bands, draft;
  uint32_t random_seed, first, steps, threshold;
  const rule *rule;
  float *state;      // (height, width, channels)
  uint8_t *beside;     // (height, width): whether a cell has life or one beside it in its row, after the change, before
                     // the mask; there is a row more above and below
  uint8_t *alive;    // (height, width): before the change
  uint8_t *peopled;  // (height): rows where something may be other than zero
  int64_t *arrived;  // threads that came to the barrier so far
  // of a surface, NULL where the grid is none
  const uint8_t *on;       // (height, width): which cells there are
  const float *turn;       // (height, width, 2, 2): of the two gradients
  const int64_t *run_row;  // (height + 1): the first run of each row
  const int32_t *run;      // (runs, 2): where cells begin and end that are on or beside one that is
  const int64_t *tie_row;  // (height + 3): the first tie of each row, from the one above the grid on
  const int32_t *place;    // (ties): cell of each in the grid with its surroundings, ascending
  const int32_t *source;   // (ties, TIE_TAPS): cells that it takes its state from
  const float *weight;     // (ties, TIE_TAPS)
  float *tied;             // (ties, channels): their states before the change
  const int64_t *edge;     // (bands + 1): the first row of each band, so that all have as many cells
  // (height, width): in place of the threshold, and 0 where nothing lives; NULL where all cells fire as often
  const uint32_t *habitat;
} work;

// A row as it was before the step.
typedef struct {
  float *cells;   // (width + 2, channels)
  uint8_t *life;  // (width + 2): which of them have life
  uint8_t *beside;  // (width): which have, or one beside them
} seen;

// Cells of one rule whose change is still to be computed.
typedef struct {
  float *percepts;  // SOME cells' at most
  int32_t *cells;
  long count;
} queue;

typedef struct {
  long first, end;            // its rows
  long known;                 // those before this one have changed, and `beside` of them is known
  seen ring[3], first_below;  // the rows above, here and below; the row below the band
  float *hidden, *change;
  int32_t *firing;           // cells of a row
  queue *waiting;            // of each rule
  uint8_t *life;             // (width + 2)
  void *memory;              // of all these
  uint16_t *rough, *paired;  // percepts and hidden layer, and the weights of all rules, for draft products
} band;

// Copy cells, and tell which have life.
INLINE void copy_cells(long channels, long count, const float *from, float *to, uint8_t *life) {
  for (long i = 0; i < count; i++, from += channels, to += channels) {
    for (long l = 0; l < channels; l += LANES) *(vector *)(to + l) = *(const vector *)(from + l);
    life[i] = from[LIFE] > ALIVE_ABOVE;
  }
}

static void clear_cells(long channels, long count, float *cells, uint8_t *life) {
  memset(cells, 0, count * channels * sizeof(float));
  memset(life, 0, count);
}

// Which of three rows of flags are set in any of them.
static void unite(long width, const uint8_t *a, const uint8_t *b, const uint8_t *c, uint8_t *restrict any) {
  for (long x = 0; x < width; x++) any[x] = a[x] | b[x] | c[x];
}

static int any_of(long width, const uint8_t *flags) {
  uint8_t any = 0;
  for (long x = 0; x < width; x++) any |= flags[x];
  return any;
}
