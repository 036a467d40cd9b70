// SPDX-License-Identifier: GPL-3.0-or-later
// A grid of cells laid out in rows, one a cell, with one cell of surroundings: a neighbour is a shift.
//
// What `automaton.chance`, `automaton.perception` and the living mask of `automaton.reference` say, for one grid.

#pragma once

#include <stdint.h>
#include <stdlib.h>

#include "products.h"

#define LIFE 3
#define ALIVE_ABOVE 0.1f
#define PERCEPTS 4

typedef struct {
  long height, width, channels;
  int wrap;
} grid;

INLINE long stride_of(const grid *g) { return g->width + 2; }
INLINE long rows_of(const grid *g) { return (g->height + 2) * (g->width + 2); }
INLINE long row_of(const grid *g, long y, long x) { return (y + 1) * (g->width + 2) + x + 1; }

// ---- chance ----

INLINE uint32_t mix(uint32_t bits) {
  bits ^= bits >> 16;
  bits *= 0x7FEB352Du;
  bits ^= bits >> 15;
  bits *= 0x846CA68Bu;
  return bits ^ (bits >> 16);
}

INLINE uint32_t key_of_step(uint32_t random_seed, uint32_t step) { return mix(mix(random_seed) ^ step); }

// ---- surroundings ----

// Write the surroundings of rows of `size` numbers: from the other side, or the border repeated.
static void close_grid(const grid *g, float *rows, long size) {
  const long h = g->height, w = g->width, s = stride_of(g);
  const long before = g->wrap ? w : 1, after = g->wrap ? 1 : w;
  for (long y = 1; y <= h; y++) {
    float *row = rows + y * s * size;
    memcpy(row, row + before * size, size * sizeof(float));
    memcpy(row + (w + 1) * size, row + after * size, size * sizeof(float));
  }
  const long above = g->wrap ? h : 1, below = g->wrap ? 1 : h;
  memcpy(rows, rows + above * s * size, s * size * sizeof(float));
  memcpy(rows + (h + 1) * s * size, rows + below * s * size, s * size * sizeof(float));
}

static void move_into(float *from, float *to, long count) {
  for (long i = 0; i < count; i++) {
    to[i] += from[i];
    from[i] = 0;
  }
}

// Gradient of close_grid, in place.
static void close_grid_back(const grid *g, float *rows, long size) {
  const long h = g->height, w = g->width, s = stride_of(g);
  const long before = g->wrap ? w : 1, after = g->wrap ? 1 : w;
  const long above = g->wrap ? h : 1, below = g->wrap ? 1 : h;
  move_into(rows + (h + 1) * s * size, rows + below * s * size, s * size);
  move_into(rows, rows + above * s * size, s * size);
  for (long y = 1; y <= h; y++) {
    float *row = rows + y * s * size;
    move_into(row + (w + 1) * size, row + after * size, size);
    move_into(row, row + before * size, size);
  }
}

// ---- living mask ----

// alive (height, width) of rows; `life` and `most` hold rows_of(g) numbers each.
static void find_living(const grid *g, const float *rows, float *life, float *most, uint8_t *alive) {
  const long h = g->height, w = g->width, s = stride_of(g), c = g->channels;
  for (long y = 0; y < h; y++)
    for (long x = 0; x < w; x++) life[row_of(g, y, x)] = rows[row_of(g, y, x) * c + LIFE];
  close_grid(g, life, 1);
  for (long i = 0; i < (h + 2) * s - 2; i++) {
    const float two = life[i] > life[i + 1] ? life[i] : life[i + 1];
    most[i] = two > life[i + 2] ? two : life[i + 2];
  }
  for (long y = 0; y < h; y++)
    for (long x = 0; x < w; x++) {
      const float *above = most + y * s + x;
      alive[y * w + x] = (above[0] > ALIVE_ABOVE) | (above[s] > ALIVE_ABOVE) | (above[2 * s] > ALIVE_ABOVE);
    }
}

// ---- perception ----

// Percepts (PERCEPTS * channels) of a cell in three surrounded rows: identity, Sobel x, Sobel y, Laplacian. A `turn`
// (2, 2) takes the two gradients into other directions, unless it is NULL.
INLINE void perceive(const float *above, const float *here, const float *below, long channels, const float *turn,
                     float *percepts) {
  for (long c = 0; c < channels; c += LANES) {
#define AT(row, side) (*(const vector *)((row) + (side) * channels + c))
    const vector nw = AT(above, -1), n = AT(above, 0), ne = AT(above, 1);
    const vector w = AT(here, -1), centre = AT(here, 0), e = AT(here, 1);
    const vector sw = AT(below, -1), s = AT(below, 0), se = AT(below, 1);
#undef AT
    const vector top = nw + ne, bottom = sw + se, right = ne + se, left = nw + sw;
    const vector x = (right - left + 2 * (e - w)) * 0.125f, y = (bottom - top + 2 * (s - n)) * 0.125f;
    vector along = x, across = y;
    if (turn) along = turn[0] * x + turn[1] * y, across = turn[2] * x + turn[3] * y;
    *(vector *)(percepts + c) = centre;
    *(vector *)(percepts + channels + c) = along;
    *(vector *)(percepts + 2 * channels + c) = across;
    *(vector *)(percepts + 3 * channels + c) = (top + bottom + 2 * (n + w + e + s)) * 0.0625f - 0.75f * centre;
  }
}

// Gradient of perceive: what the percepts of the cell ask of it and its neighbours, added to their rows.
INLINE void perceive_back(const float *of_percepts, long stride, long channels, float *here) {
  const long up = -stride * channels, down = stride * channels;
  for (long c = 0; c < channels; c += LANES) {
    const vector of_state = *(const vector *)(of_percepts + c);
    const vector x = *(const vector *)(of_percepts + channels + c) * 0.125f;
    const vector y = *(const vector *)(of_percepts + 2 * channels + c) * 0.125f;
    const vector of_laplacian = *(const vector *)(of_percepts + 3 * channels + c);
    const vector corner = of_laplacian * 0.0625f, side = of_laplacian * 0.125f;
    const vector rising = x + y, falling = x - y;
#define ADD(offset, value) *(vector *)(here + (offset) + c) += (value)
    ADD(up - channels, corner - rising);
    ADD(up, side - 2 * y);
    ADD(up + channels, corner + falling);
    ADD(-channels, side - 2 * x);
    ADD(0, of_state - 0.75f * of_laplacian);
    ADD(channels, side + 2 * x);
    ADD(down - channels, corner - falling);
    ADD(down, side + 2 * y);
    ADD(down + channels, corner + rising);
#undef ADD
  }
}
