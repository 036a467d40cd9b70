// SPDX-License-Identifier: GPL-3.0-or-later
// Growth of one grid with its gradient: back-propagation through time that keeps states alone.
//
// A step computes only the cells that fire and live: the mask erases what the others would become. On the way back
// percepts and hidden layer are computed again (gradient checkpointing, Chen et al. 2016).

#include "grid.h"

#define BLOCK 48

typedef struct {
  long hidden;
  const float *into_hidden, *hidden_bias, *out_of_hidden;
} rule;

typedef struct {
  float percepts[BLOCK * PERCEPTS * 32], of_percepts[BLOCK * PERCEPTS * 32];
  float hidden[BLOCK * 256], of_hidden[BLOCK * 256];
  float change[BLOCK * 32];
} block;

static void run_layers(const grid *g, const rule *r, const float *rows, const int32_t *cells, long count, block *b) {
  const long in = PERCEPTS * g->channels;
  for (long i = 0; i < count; i++) {
    const float *here = rows + cells[i] * g->channels;
    const long stride = stride_of(g) * g->channels;
    perceive(here - stride, here, here + stride, g->channels, NULL, b->percepts + i * in);
  }
  multiply_layer(count, r->hidden, in, b->percepts, r->into_hidden, r->hidden_bias, b->hidden);
}

// Grow by `steps`.
//
// trace  (steps + 1, rows, channels): the first state is read from it (its surroundings are written), the others go in
// firing (steps, height * width): rows of the cells that were computed
// counts (steps): how many
// masks  (steps, height * width): which cells were left alive
void nca_grow(long height, long width, long channels, int wrap, long hidden, const float *into_hidden,
              const float *hidden_bias, const float *out_of_hidden, uint32_t random_seed, uint32_t first, long steps,
              uint32_t threshold, float *trace, int32_t *firing, int32_t *counts, uint8_t *masks) {
  const grid g = {height, width, channels, wrap};
  const rule r = {hidden, into_hidden, hidden_bias, out_of_hidden};
  const long size = rows_of(&g) * channels, cells = height * width;
  float *life = malloc(2 * rows_of(&g) * sizeof(float)), *most = life + rows_of(&g);
  uint8_t *alive = malloc(cells);
  block *b = malloc(sizeof(block));
  close_grid(&g, trace, channels);
  for (long step = 0; step < steps; step++) {
    const float *rows = trace + step * size;
    float *grown = trace + (step + 1) * size;
    int32_t *fired = firing + step * cells;
    uint8_t *mask = masks + step * cells;
    const uint32_t key = key_of_step(random_seed, first + (uint32_t)step);
    find_living(&g, rows, life, most, alive);
    long count = 0;
    for (long y = 0; y < height; y++)
      for (long x = 0; x < width; x++) {
        const long cell = y * width + x;
        fired[count] = (int32_t)row_of(&g, y, x);
        count += alive[cell] & (mix((uint32_t)cell ^ key) < threshold);
      }
    counts[step] = (int32_t)count;
    memcpy(grown, rows, size * sizeof(float));
    for (long i = 0; i < count; i += BLOCK) {
      const long some = count - i < BLOCK ? count - i : BLOCK;
      run_layers(&g, &r, rows, fired + i, some, b);
      multiply(some, channels, hidden, b->hidden, out_of_hidden, b->change);
      for (long k = 0; k < some; k++)
        for (long c = 0; c < channels; c += LANES)
          *(vector *)(grown + fired[i + k] * channels + c) += *(const vector *)(b->change + k * channels + c);
    }
    find_living(&g, grown, life, most, mask);
    for (long y = 0; y < height; y++)
      for (long x = 0; x < width; x++) {
        mask[y * width + x] &= alive[y * width + x];
        if (!mask[y * width + x]) memset(grown + row_of(&g, y, x) * channels, 0, channels * sizeof(float));
      }
    close_grid(&g, grown, channels);
  }
  free(b);
  free(alive);
  free(life);
}

// Gradient of nca_grow in its weights, added to of_*. `gradient` (rows, channels) is that of the last state, its
// surroundings zero; it is left as that of the first.
void nca_grow_back(long height, long width, long channels, int wrap, long hidden, const float *into_hidden,
                   const float *hidden_bias, const float *out_of_hidden, long steps, const float *trace,
                   const int32_t *firing, const int32_t *counts, const uint8_t *masks, float *gradient,
                   float *of_into_hidden, float *of_hidden_bias, float *of_out_of_hidden) {
  const grid g = {height, width, channels, wrap};
  const rule r = {hidden, into_hidden, hidden_bias, out_of_hidden};
  const long size = rows_of(&g) * channels, cells = height * width, in = PERCEPTS * channels;
  float *before = malloc(size * sizeof(float));
  float *from_hidden = malloc(2 * in * hidden * sizeof(float)), *from_change = from_hidden + in * hidden;
  turn(in, hidden, into_hidden, from_hidden);
  turn(hidden, channels, out_of_hidden, from_change);
  block *b = malloc(sizeof(block));
  for (long step = steps - 1; step >= 0; step--) {
    const float *rows = trace + step * size;
    const int32_t *fired = firing + step * cells;
    const uint8_t *mask = masks + step * cells;
    for (long y = 0; y < height; y++)
      for (long x = 0; x < width; x++)
        if (!mask[y * width + x]) memset(gradient + row_of(&g, y, x) * channels, 0, channels * sizeof(float));
    memcpy(before, gradient, size * sizeof(float));
    for (long i = 0; i < counts[step]; i += BLOCK) {
      const long some = counts[step] - i < BLOCK ? counts[step] - i : BLOCK;
      run_layers(&g, &r, rows, fired + i, some, b);
      for (long k = 0; k < some; k++)
        memcpy(b->change + k * channels, gradient + fired[i + k] * channels, channels * sizeof(float));
      multiply_turned_add(hidden, channels, some, b->hidden, b->change, of_out_of_hidden);
      multiply(some, hidden, channels, b->change, from_change, b->of_hidden);
      for (long k = 0; k < some * hidden; k++) b->of_hidden[k] = b->hidden[k] > 0 ? b->of_hidden[k] : 0;
      for (long k = 0; k < some; k++)
        for (long j = 0; j < hidden; j++) of_hidden_bias[j] += b->of_hidden[k * hidden + j];
      multiply_turned_add(in, hidden, some, b->percepts, b->of_hidden, of_into_hidden);
      multiply(some, in, hidden, b->of_hidden, from_hidden, b->of_percepts);
      for (long k = 0; k < some; k++)
        perceive_back(b->of_percepts + k * in, stride_of(&g), channels, before + fired[i + k] * channels);
    }
    close_grid_back(&g, before, channels);
    memcpy(gradient, before, size * sizeof(float));
  }
  free(b);
  free(from_hidden);
  free(before);
}
