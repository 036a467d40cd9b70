// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of one grid, in place, by any number of threads.
//
// Each thread has a band of rows. It carries the last three rows as they were before the step in a ring, surrounded, so
// that the state itself is read once and written once a step. Rows where nothing is are not touched, and only the cells
// that fire and live are computed: the mask erases what the others would become. What they perceive waits, for each rule
// by itself, until there is enough for a product: few at once are multiplied slowly. Whether cells live is a byte each.

#include "step_ties.h"

#if defined(_WIN32)
#include <windows.h>
#define wait_a_moment() SwitchToThread()
#else
#include <sched.h>
#define wait_a_moment() sched_yield()
#endif

#define SOME 96
#define PATIENCE 4000
#define BLOCK_BYTES (1 << 17)  // bytes of the state whose cells wait together for several rules, in no more than so many rows
#define MOST_ROWS 8
#define LINE 16  // floats that are fetched at once

int nca_wide;

static long weights_of(const work *k) { return (PERCEPTS + 1) * k->channels * k->hidden; }

#if HAS_TILES
static int in_tiles(const work *k) { return k->draft == TILES && k->hidden % TILE_DEPTH == 0; }
#endif

static void meet(const work *k, int64_t *meetings) {
  const int64_t wanted = ++*meetings * k->bands;
  __atomic_add_fetch(k->arrived, 1, __ATOMIC_ACQ_REL);
  for (long i = 0; __atomic_load_n(k->arrived, __ATOMIC_ACQUIRE) < wanted; i++)
    if (i > PATIENCE) wait_a_moment();
}

static long other_row(const work *k, long y) {
  if (k->on) return y;
  if (k->wrap) return (y + k->height) % k->height;
  return y < 0 ? 0 : y >= k->height ? k->height - 1 : y;
}

// A row of the state with its surroundings; on a surface without its ties.
static void copy_row(const work *k, long y, seen *to) {
  if (k->on) {
    copy_runs(k, y, to);
    return;
  }
  const long c = k->channels, w = k->width, row = other_row(k, y), before = k->wrap ? w : 1, after = k->wrap ? 1 : w;
  if (!k->peopled[row]) {
    clear_cells(c, w + 2, to->cells, to->life);
    return;
  }
  copy_cells(c, w, k->state + row * w * c, to->cells + c, to->life + 1);
  copy_cells(c, 1, to->cells + before * c, to->cells, to->life);
  copy_cells(c, 1, to->cells + after * c, to->cells + (w + 1) * c, to->life + w + 1);
}

static void look_around(long width, seen *row) { unite(width, row->life, row->life + 1, row->life + 2, row->beside); }

// `beside` of row y after the change, as far as cells that are on see it.
static void find_beside(const work *k, long y, uint8_t *life) {
  const long w = k->width, c = k->channels;
  if (!k->peopled[y]) {
    memset(k->beside + y * w, 0, w);
    return;
  }
  const float *cells = k->state + y * w * c;
  for (long n = 0; n < runs_of(k, y); n++)
    for (long x = begin_of(k, y, n), end = end_of(k, y, n); x < end; x++)
      life[x + 1] = cells[x * c + LIFE] > ALIVE_ABOVE;
  life[0] = k->on ? 0 : life[k->wrap ? w : 1];
  life[w + 1] = k->on ? 0 : life[k->wrap ? 1 : w];
  unite(w, life, life + 1, life + 2, k->beside + y * w);
}

// Which cells of a row live, of those that are `on` and in the `habitat`; NULL for all.
static void find_alive(long width, const uint8_t *above, const uint8_t *here, const uint8_t *below,
                       const uint8_t *on, const uint32_t *habitat, uint8_t *restrict alive) {
  unite(width, above, here, below, alive);
  if (on)
    for (long x = 0; x < width; x++) alive[x] &= on[x];
  if (habitat)
    for (long x = 0; x < width; x++) alive[x] &= habitat[x] > 0;
}

// The change that rule number r makes of `some` cells by their percepts.
static void find_change(const work *k, band *b, int r, const float *percepts, long some) {
  const long in = PERCEPTS * k->channels, hidden = k->hidden;
  const rule *rule = k->rule + r;
#if HAS_DRAFT
  if (k->draft) {
    const uint16_t *into = b->paired + r * weights_of(k), *out = into + in * hidden;
    uint16_t *rough_hidden = b->rough + SOME * in;
    round_to_draft(some * in, percepts, b->rough);
#if HAS_TILES
    if (in_tiles(k)) {
      multiply_tiles_layer(some, hidden, in, b->rough, into, rule->hidden_bias, rough_hidden);
      multiply_tiles(some, k->channels, hidden, rough_hidden, out, b->change);
      return;
    }
#endif
    multiply_draft_layer(some, hidden, in, b->rough, into, rule->hidden_bias, rough_hidden);
    multiply_draft(some, k->channels, hidden, rough_hidden, out, b->change);
    return;
  }
#endif
  multiply_layer(some, hidden, in, percepts, rule->into_hidden, rule->hidden_bias, b->hidden);
  multiply(some, k->channels, hidden, b->hidden, rule->out_of_hidden, b->change);
}

// Add the changes of all that waits; of a cell in the order of the rules.
static void add_changes(const work *k, band *b) {
  const long c = k->channels;
  for (int r = 0; r < k->rules; r++) {
    queue *q = b->waiting + r;
    const float *share = k->rule[r].share;
    if (q->count) find_change(k, b, r, q->percepts, q->count);
    for (long j = 0; j < q->count; j++) {
      const float counts = share ? share[q->cells[j]] : 1;
      float *cell = k->state + q->cells[j] * c;
      for (long l = 0; l < c; l += LANES) *(vector *)(cell + l) += counts * *(const vector *)(b->change + j * c + l);
    }
    q->count = 0;
  }
}

// The first row, before `until`, in which a cell waits.
static long first_waiting(const work *k, const band *b, long until) {
  for (int r = 0; r < k->rules; r++) {
    const queue *q = b->waiting + r;
    if (q->count && q->cells[0] / k->width < until) until = q->cells[0] / k->width;
  }
  return until;
}

// The cells of row y that fire; returns how many.
static long find_firing(const work *k, long y, uint32_t key, int32_t *firing) {
  const long w = k->width;
  const uint8_t *alive = k->alive + y * w;
  const uint32_t *habitat = k->habitat ? k->habitat + y * w : NULL;
  long count = 0;
  for (long n = 0; n < runs_of(k, y); n++)
    for (long x = begin_of(k, y, n), end = end_of(k, y, n); x < end; x++) {
      const uint32_t threshold = habitat ? habitat[x] : k->threshold;
      firing[count] = (int32_t)x;
      count += alive[x] & (mix((uint32_t)(y * w + x) ^ key) < threshold);
    }
  return count;
}

// Perceive the cells of row y that fire, and let them wait for their changes.
static void fire_row(const work *k, band *b, long y, uint32_t key) {
  const long c = k->channels, in = PERCEPTS * c, w = k->width;
  const float *ahead = k->state + (y + 2 < k->height ? y + 2 : y) * w * c;  // the row that is copied after the next one
  const long count = find_firing(k, y, key, b->firing);
  for (int r = 0; r < k->rules; r++) {
    const float *share = k->rule[r].share ? k->rule[r].share + y * w : NULL;
    queue *q = b->waiting + r;
    for (long i = 0; i < count; i++) {
      const long x = b->firing[i], at = (x + 1) * c;
      if (share && !(share[x] > 0)) continue;
      if (q->count == SOME) add_changes(k, b);
      const float *turn = k->turn ? k->turn + (y * w + x) * 4 : NULL;
      for (long l = 0; l < 2 * c; l += LINE) __builtin_prefetch(ahead + x * c + l);
      perceive(b->ring[0].cells + at, b->ring[1].cells + at, b->ring[2].cells + at, c, turn, q->percepts + q->count * in);
      q->cells[q->count++] = (int32_t)(y * w + x);
    }
  }
}

// Erase what does not live in row y. In the first step also cells that are off: later nothing is there.
static void mask_row(const work *k, long y, int first) {
  const long w = k->width, c = k->channels;
  const uint8_t *above = k->beside + other_row(k, y - 1) * w, *here = k->beside + y * w;
  const uint8_t *below = k->beside + other_row(k, y + 1) * w;
  const uint8_t *on = k->on && !first ? k->on + y * w : NULL;
  uint8_t *restrict alive = k->alive + y * w, any = 0, died = 0;
  if (!k->peopled[y]) return;
  for (long x = 0; x < w; x++) {
    alive[x] &= above[x] | here[x] | below[x];
    any |= alive[x];
    died |= alive[x] ^ (on ? on[x] : 1);
  }
  for (long n = 0; died && n < runs_of(k, y); n++)
    for (long x = begin_of(k, y, n), end = end_of(k, y, n); x < end; x++)
      if (alive[x] != (on ? on[x] : 1)) memset(k->state + (y * w + x) * c, 0, c * sizeof(float));
  k->peopled[y] = any;
}

// Look for life in the rows before `until`, which have changed, and erase what does not live in those between them; on
// a surface that is done later.
static void finish_rows(const work *k, band *b, long until) {
  for (; b->known < until; b->known++) {
    find_beside(k, b->known, b->life);
    if (b->known - 1 > b->first && !k->on) mask_row(k, b->known - 1, 0);
  }
}

// Rows whose cells wait together for several rules: they are read again when all have changed.
static long rows_of_block(const work *k) {
  const long rows = BLOCK_BYTES / (k->width * k->channels * (long)sizeof(float));
  return k->rules == 1 ? k->height : rows < 1 ? 1 : rows > MOST_ROWS ? MOST_ROWS : rows;
}

static band make_band(const work *k) {
  const long w = k->width, row = (w + 2) * k->channels, percepts = SOME * PERCEPTS * k->channels;
  const long floats = 4 * row + SOME * (k->channels + k->hidden) + k->rules * percepts;
  const long whole = w + k->rules * SOME;
  band b = {0};
  // zeros: on a surface there are cells that nothing is written to
  float *all = b.memory = calloc(1, floats * sizeof(float) + whole * sizeof(int32_t) + 4 * (2 * w + 2) + w + 2);
  seen *rows[] = {&b.ring[0], &b.ring[1], &b.ring[2], &b.first_below};
  for (int i = 0; i < 4; i++) rows[i]->cells = all, all += row;
  b.hidden = all, all += SOME * k->hidden;
  b.change = all, all += SOME * k->channels;
  b.waiting = calloc(k->rules, sizeof(queue));
  for (int r = 0; r < k->rules; r++) b.waiting[r].percepts = all, all += percepts;
  b.firing = (int32_t *)all;
  for (int r = 0; r < k->rules; r++) b.waiting[r].cells = b.firing + w + r * SOME;
  uint8_t *bytes = (uint8_t *)(b.firing + whole);
  for (int i = 0; i < 4; i++) rows[i]->life = bytes, rows[i]->beside = bytes + w + 2, bytes += 2 * w + 2;
  b.life = bytes;
#if HAS_DRAFT
  if (k->draft) {
    const long rough = SOME * (PERCEPTS * k->channels + k->hidden);
    b.rough = malloc((rough + k->rules * weights_of(k)) * sizeof(uint16_t));
    b.paired = b.rough + rough;
    for (int r = 0; r < k->rules; r++) {
      uint16_t *into = b.paired + r * weights_of(k);
      pair_rows(PERCEPTS * k->channels, k->hidden, k->rule[r].into_hidden, into);
      pair_rows(k->hidden, k->channels, k->rule[r].out_of_hidden, into + PERCEPTS * k->channels * k->hidden);
    }
  }
#endif
  return b;
}

// Take part in `steps` steps of the work as the thread `number` of `bands`, all of which must be called at once.
void nca_take_part(const work *k, long number) {
  const long w = k->width, first = k->on ? k->edge[number] : number * k->height / k->bands;
  const long end = k->on ? k->edge[number + 1] : (number + 1) * k->height / k->bands;
  band b = make_band(k);
  b.first = first, b.end = end;
  const long block = rows_of_block(k);
  int64_t meetings = 0;
#if HAS_TILES
  if (in_tiles(k)) prepare_tiles();
#endif
  for (uint32_t step = 0; step < k->steps; step++) {
    const uint32_t key = key_of_step(k->random_seed, k->first + step);
    if (k->on) gather_ties(k, number);
    // what neighbours will change: the rows beside the band
    copy_row(k, first - 1, &b.ring[0]);
    copy_row(k, first, &b.ring[1]);
    copy_row(k, end, &b.first_below);
    meet(k, &meetings);
    lay_ties(k, end, &b.first_below);
    for (int i = 0; i < 2; i++) {
      lay_ties(k, first - 1 + i, &b.ring[i]);
      look_around(w, &b.ring[i]);
    }
    b.known = first;
    for (long y = first; y < end; y++) {
      if (y + 1 < end) {
        copy_row(k, y + 1, &b.ring[2]);
        lay_ties(k, y + 1, &b.ring[2]);
      } else {
        const seen free = b.ring[2];
        b.ring[2] = b.first_below, b.first_below = free;
      }
      look_around(w, &b.ring[2]);
      const uint8_t *on = k->on ? k->on + y * w : NULL;
      const uint32_t *habitat = k->habitat ? k->habitat + y * w : NULL;
      find_alive(w, b.ring[0].beside, b.ring[1].beside, b.ring[2].beside, on, habitat, k->alive + y * w);
      if (any_of(w, k->alive + y * w)) {
        k->peopled[y] |= 2;
        fire_row(k, &b, y, key);
      }
      if (y + 1 == end || y + 1 - b.known >= block) add_changes(k, &b);
      finish_rows(k, &b, first_waiting(k, &b, y + 1));
      const seen row = b.ring[0];
      b.ring[0] = b.ring[1], b.ring[1] = b.ring[2], b.ring[2] = row;
    }
    meet(k, &meetings);
    if (k->on) {
      // ties look anywhere: no row is masked before all have changed and all ties have seen them
      look_at_ties(k, &b, number ? first : -1, number < k->bands - 1 ? end : k->height + 1);
      meet(k, &meetings);
      for (long y = first; y < end; y++) mask_row(k, y, step == 0);
    } else {
      mask_row(k, first, 0);
      if (end - 1 > first) mask_row(k, end - 1, 0);
    }
    meet(k, &meetings);
  }
#if HAS_TILES
  if (in_tiles(k)) finish_tiles();
#endif
  free(b.memory);
  free(b.waiting);
  free(b.rough);
}

// The kinds of draft products that run here are those up to this one.
int nca_drafts(void) {
#if HAS_TILES
  if (may_use_tiles()) return TILES;
#endif
  return HAS_DRAFT ? VECTORS : FULL;
}

// Have all products wide tiles from now on; whether there are any.
int nca_widen(int wide) {
#ifdef WIDE_ROWS
  nca_wide = wide;
  return 1;
#else
  return 0;
#endif
}
