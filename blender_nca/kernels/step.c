// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of one grid, in place, by any number of threads.
//
// Each thread has a band of rows. It carries the last three rows as they were before the step in a ring, surrounded, so
// that the state itself is read once and written once a step. Rows where nothing is are not touched, and only the cells
// that fire and live are computed: the mask erases what the others would become. What they perceive waits, for each rule
// by itself, until there is enough for a product, so that a rule that counts in a few cells of a row takes its time for
// these alone.

#include "grid.h"

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
#define BLOCK_BYTES (1 << 17)  // bytes of the state whose cells wait together, in no more than so many rows
#define MOST_ROWS 8
#define AHEAD 8  // what lies anywhere is fetched so many ties or cells before it is read

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
  float *most;       // (height, width): most life of a cell and those beside it, after the change, before the mask;
                     // there is a row more above and below
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
  float *kept_life;        // (height, width): life after the change, before the mask: ties look at it anywhere
  // (height, width): in place of the threshold, and 0 where nothing lives; NULL where all cells fire as often
  const uint32_t *habitat;
} work;

// Cells of one rule whose change is still to be computed
typedef struct {
  float *percepts;  // SOME cells' at most
  int32_t *cells;
  long count;
} queue;

typedef struct {
  float *ring[3];     // the rows above, here and below as they were, width + 2 cells each
  float *most[3];     // of them
  float *first_below; // the row below the band as it was
  float *life, *hidden, *change;
  int32_t *firing;    // cells of a row
  queue *waiting;     // of each rule
  uint16_t *rough, *paired;  // percepts and hidden layer, and the weights of all rules, for draft products
} band;

static long weights_of(const work *k) { return (PERCEPTS + 1) * k->channels * k->hidden; }

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
static void copy_runs(const work *k, long y, float *to) {
  const long c = k->channels, w = k->width;
  if (y < 0 || y >= k->height)
    memset(to, 0, (w + 2) * c * sizeof(float));
  else {
    memset(to, 0, c * sizeof(float));
    memset(to + (w + 1) * c, 0, c * sizeof(float));
    for (long n = 0; n < runs_of(k, y); n++) {
      const long x = begin_of(k, y, n), size = (end_of(k, y, n) - x) * c * sizeof(float);
      if (k->peopled[y])
        memcpy(to + (x + 1) * c, k->state + (y * w + x) * c, size);
      else
        memset(to + (x + 1) * c, 0, size);
    }
  }
}

// Write into such a row what ties have there; nothing where there is no surface.
static void lay_ties(const work *k, long y, float *to) {
  const long c = k->channels, w = k->width;
  if (!k->on) return;
  for (long t = k->tie_row[y + 1]; t < k->tie_row[y + 2]; t++) {
    float *cell = to + (k->place[t] - (y + 1) * (w + 2)) * c;
    for (long l = 0; l < c; l += LANES) *(vector *)(cell + l) = *(const vector *)(k->tied + t * c + l);
  }
}

// Let the life that ties have after the change count for the cells beside them, in rows from `first` to before `end`.
static void add_most_of_ties(const work *k, long first, long end) {
  const long w = k->width;
  for (long y = first; y < end; y++) {
    float *most = k->most + y * w;
    if (y < 0 || y == k->height) memset(most, 0, w * sizeof(float));
    for (long t = k->tie_row[y + 1]; t < k->tie_row[y + 2]; t++) {
      float life = 0;
      for (int tap = 0; tap < TIE_TAPS; tap++)
        life += k->weight[t * TIE_TAPS + tap] * k->kept_life[k->source[t * TIE_TAPS + tap]];
      const long x = k->place[t] - (y + 1) * (w + 2) - 1;
      for (long i = x > 0 ? x - 1 : 0; i <= x + 1 && i < w; i++)
        if (life > most[i]) most[i] = life;
    }
  }
}

// ---- rows ----

// A row of the state with its surroundings; on a surface without its ties.
static void copy_row(const work *k, long y, float *to) {
  if (k->on) {
    copy_runs(k, y, to);
    return;
  }
  const long c = k->channels, w = k->width, row = other_row(k, y);
  if (!k->peopled[row]) {
    memset(to, 0, (w + 2) * c * sizeof(float));
    return;
  }
  memcpy(to + c, k->state + row * w * c, w * c * sizeof(float));
  memcpy(to, to + (k->wrap ? w : 1) * c, c * sizeof(float));
  memcpy(to + (w + 1) * c, to + (k->wrap ? 1 : w) * c, c * sizeof(float));
}

static void spread_life(long width, const float *life, float *most) {
  for (long x = 0; x < width; x++) {
    const float two = life[x] > life[x + 1] ? life[x] : life[x + 1];
    most[x] = two > life[x + 2] ? two : life[x + 2];
  }
}

// Life of a row of cells, as far as cells that are on see it.
static void copy_life(const work *k, long y, const float *cells, float *life) {
  for (long n = 0; n < runs_of(k, y); n++)
    for (long x = begin_of(k, y, n), end = end_of(k, y, n); x < end; x++) life[x + 1] = cells[x * k->channels + LIFE];
}

// Most life of every cell and those beside it, of row y as it is in the state.
static void find_most(const work *k, long y, float *life, float *most) {
  const long w = k->width;
  copy_life(k, y, k->state + y * w * k->channels, life);
  life[0] = k->on ? 0 : life[k->wrap ? w : 1];
  life[w + 1] = k->on ? 0 : life[k->wrap ? 1 : w];
  spread_life(w, life, most);
  if (k->on)
    for (long n = 0; n < runs_of(k, y); n++) {
      const long x = begin_of(k, y, n);
      memcpy(k->kept_life + y * w + x, life + 1 + x, (end_of(k, y, n) - x) * sizeof(float));
    }
}

// The same of row y with its surroundings.
static void find_most_around(const work *k, long y, const float *row, float *life, float *most) {
  const long w = k->width, c = k->channels;
  copy_life(k, y, row + c, life);
  life[0] = row[LIFE];
  life[w + 1] = row[(w + 1) * c + LIFE];
  spread_life(w, life, most);
}

// Which cells of a row live, of those that are `on` and in the `habitat`; NULL for all.
static uint8_t find_alive(long width, const float *above, const float *here, const float *below, const uint8_t *on,
                          const uint32_t *habitat, uint8_t *alive) {
  uint8_t any = 0;
  for (long x = 0; x < width; x++)
    alive[x] = (above[x] > ALIVE_ABOVE) | (here[x] > ALIVE_ABOVE) | (below[x] > ALIVE_ABOVE);
  if (on)
    for (long x = 0; x < width; x++) alive[x] &= on[x];
  if (habitat)
    for (long x = 0; x < width; x++) alive[x] &= habitat[x] > 0;
  for (long x = 0; x < width; x++) any |= alive[x];
  return any;
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

// Let the cells of row y that fire wait for their changes.
static void fire_row(const work *k, band *b, long y, uint32_t key) {
  const long c = k->channels, in = PERCEPTS * c, w = k->width;
  const uint8_t *alive = k->alive + y * w;
  const uint32_t *habitat = k->habitat ? k->habitat + y * w : NULL;
  long count = 0;
  for (long n = 0; n < runs_of(k, y); n++)
    for (long x = begin_of(k, y, n), end = end_of(k, y, n); x < end; x++) {
      const uint32_t threshold = habitat ? habitat[x] : k->threshold;
      b->firing[count] = (int32_t)x;
      count += alive[x] & (mix((uint32_t)(y * w + x) ^ key) < threshold);
    }
  for (int r = 0; r < k->rules; r++) {
    const float *share = k->rule[r].share ? k->rule[r].share + y * w : NULL;
    queue *q = b->waiting + r;
    for (long i = 0; i < count; i++) {
      const long x = b->firing[i], at = (x + 1) * c;
      if (share && !(share[x] > 0)) continue;
      if (q->count == SOME) add_changes(k, b);
      const float *turn = k->turn ? k->turn + (y * w + x) * 4 : NULL;
      perceive(b->ring[0] + at, b->ring[1] + at, b->ring[2] + at, c, turn, q->percepts + q->count * in);
      q->cells[q->count++] = (int32_t)(y * w + x);
    }
  }
}

// Erase what does not live in row y. In the first step also cells that are off: later nothing is there.
static void mask_row(const work *k, long y, int first) {
  const long w = k->width, c = k->channels;
  const float *above = k->most + other_row(k, y - 1) * w, *here = k->most + y * w;
  const float *below = k->most + other_row(k, y + 1) * w;
  const uint8_t *on = k->on && !first ? k->on + y * w : NULL;
  uint8_t *alive = k->alive + y * w, any = 0;
  for (long n = 0; k->peopled[y] && n < runs_of(k, y); n++) {
    const long begin = begin_of(k, y, n), end = end_of(k, y, n);
    uint8_t died = 0;
    for (long x = begin; x < end; x++) {
      alive[x] &= (above[x] > ALIVE_ABOVE) | (here[x] > ALIVE_ABOVE) | (below[x] > ALIVE_ABOVE);
      any |= alive[x];
      died |= alive[x] ^ (on ? on[x] : 1);
    }
    if (died)
      for (long x = begin; x < end; x++)
        if (alive[x] != (on ? on[x] : 1)) memset(k->state + (y * w + x) * c, 0, c * sizeof(float));
  }
  k->peopled[y] = any;
}

// Rows whose cells wait together: they are read again when all have changed.
static long rows_of_block(const work *k) {
  const long rows = BLOCK_BYTES / (k->width * k->channels * (long)sizeof(float));
  return rows < 1 ? 1 : rows > MOST_ROWS ? MOST_ROWS : rows;
}

static band make_band(const work *k) {
  const long w = k->width, row = (w + 2) * k->channels;
  const long waiting = SOME * PERCEPTS * k->channels;
  // zeros: on a surface there are cells that nothing is written to
  float *all = calloc(4 * row + 3 * w + (w + 2) + SOME * (k->channels + k->hidden) + k->rules * (waiting + SOME) + w,
                      sizeof(float));
  band b = {0};
  for (int i = 0; i < 3; i++) b.ring[i] = all, all += row;
  b.first_below = all, all += row;
  for (int i = 0; i < 3; i++) b.most[i] = all, all += w;
  b.life = all, all += w + 2;
  b.hidden = all, all += SOME * k->hidden;
  b.change = all, all += SOME * k->channels;
  b.waiting = calloc(k->rules, sizeof(queue));
  for (int r = 0; r < k->rules; r++) {
    b.waiting[r].percepts = all, all += waiting;
    b.waiting[r].cells = (int32_t *)all, all += SOME;
  }
  b.firing = (int32_t *)all;
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

// Row y has changed: find the most life around its cells, and erase what does not live in the row above.
static void finish_row(const work *k, band *b, long y, long first) {
  if (k->peopled[y])
    find_most(k, y, b->life, k->most + y * k->width);
  else {
    memset(k->most + y * k->width, 0, k->width * sizeof(float));
    if (k->on) memset(k->kept_life + y * k->width, 0, k->width * sizeof(float));
  }
  if (y - 1 > first && !k->on) mask_row(k, y - 1, 0);
}

// Take part in `steps` steps of the work as the thread `number` of `bands`, all of which must be called at once.
void nca_take_part(const work *k, long number) {
  const long w = k->width, first = k->on ? k->edge[number] : number * k->height / k->bands;
  const long end = k->on ? k->edge[number + 1] : (number + 1) * k->height / k->bands;
  band b = make_band(k);
  float *memory = b.ring[0];
  const long block = rows_of_block(k);
  int64_t meetings = 0;
  for (uint32_t step = 0; step < k->steps; step++) {
    const uint32_t key = key_of_step(k->random_seed, k->first + step);
    if (k->on) gather_ties(k, number);
    // what neighbours will change: the rows beside the band
    copy_row(k, first - 1, b.ring[0]);
    copy_row(k, first, b.ring[1]);
    copy_row(k, end, b.first_below);
    meet(k, &meetings);
    lay_ties(k, end, b.first_below);
    for (int i = 0; i < 2; i++) {
      lay_ties(k, first - 1 + i, b.ring[i]);
      find_most_around(k, first - 1 + i, b.ring[i], b.life, b.most[i]);
    }
    long unfinished = first;
    for (long y = first; y < end; y++) {
      if (y + 1 < end) {
        copy_row(k, y + 1, b.ring[2]);
        lay_ties(k, y + 1, b.ring[2]);
      } else
        memcpy(b.ring[2], b.first_below, (w + 2) * k->channels * sizeof(float));
      find_most_around(k, y + 1, b.ring[2], b.life, b.most[2]);
      const uint8_t *on = k->on ? k->on + y * w : NULL;
      const uint32_t *habitat = k->habitat ? k->habitat + y * w : NULL;
      if (find_alive(w, b.most[0], b.most[1], b.most[2], on, habitat, k->alive + y * w)) {
        k->peopled[y] |= 2;
        fire_row(k, &b, y, key);
      }
      if (y + 1 == end || y + 1 - unfinished == block) {
        add_changes(k, &b);
        for (; unfinished <= y; unfinished++) finish_row(k, &b, unfinished, first);
      }
      float *row = b.ring[0], *most = b.most[0];
      b.ring[0] = b.ring[1], b.ring[1] = b.ring[2], b.ring[2] = row;
      b.most[0] = b.most[1], b.most[1] = b.most[2], b.most[2] = most;
    }
    meet(k, &meetings);
    if (k->on) {
      // ties look anywhere: no row is masked before all have changed and all ties have seen them
      add_most_of_ties(k, number ? first : -1, number < k->bands - 1 ? end : k->height + 1);
      meet(k, &meetings);
      for (long y = first; y < end; y++) mask_row(k, y, step == 0);
    } else {
      mask_row(k, first, 0);
      if (end - 1 > first) mask_row(k, end - 1, 0);
    }
    meet(k, &meetings);
  }
  free(memory);
  free(b.waiting);
  free(b.rough);
}

// Whether draft products differ from others here.
int nca_has_draft(void) { return HAS_DRAFT; }

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
