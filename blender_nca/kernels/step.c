// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of one grid, in place, by any number of threads.
//
// Each thread has a band of rows. It carries the last three rows as they were before the step in a ring, surrounded, so
// that the state itself is read once and written once a step. Rows where nothing is are not touched, and only the cells
// that fire and live are computed: the mask erases what the others would become. What they perceive waits, for each rule
// by itself, until there is enough for a product: few at once are multiplied slowly. Whether cells live is a byte each.

#include "grid.h"
#include "tiles.h"

#if defined(_WIN32)
#include <windows.h>
#define wait_a_moment() SwitchToThread()
#else
#include <sched.h>
#define wait_a_moment() sched_yield()
#endif

#define SOME 96
#define PATIENCE 4000
#define TIE_TAPS 4
#define BLOCK_BYTES (1 << 17)  // bytes of the state whose cells wait together for several rules, in no more than so many rows
#define MOST_ROWS 8
#define AHEAD 8  // what lies anywhere is fetched so many ties or cells before it is read
#define LINE 16  // floats that are fetched at once

int nca_wide;

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

// ---- surfaces ----

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

// ---- rows ----

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
