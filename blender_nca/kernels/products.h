// SPDX-License-Identifier: GPL-3.0-or-later
// Small matrix products whose operands lie in a processor's nearest caches.
//
// Everything is float32 and row-major, and every width is a multiple of sixteen, so that rows are whole vectors
// whatever their length on this processor.

#pragma once

#include <string.h>

#if defined(__AVX512F__)
#define LANES 16
#define TILE_ROWS 12
#elif defined(__AVX__)
#define LANES 8
#define TILE_ROWS 6
#else
#define LANES 4
#define TILE_ROWS 12
#endif

typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

// A matrix read one number at a time: element (i, k) is start[i * row + k * column].
typedef struct {
  const float *start;
  long row, column;
} scattered;

// rows x (vectors * LANES) of out (+)= a b, all sums in registers. `rows` and `vectors` are constants where it is used.
INLINE void multiply_tile(const int rows, const int vectors, long depth, scattered a, const float *b, long width_b,
                          float *out, long width_out, const int add) {
  vector sum[TILE_ROWS][2];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++)
      sum[i][j] = add ? *(const vector *)(out + i * width_out + j * LANES) : (vector){0};
  for (long k = 0; k < depth; k++) {
    vector right[2];
    for (int j = 0; j < vectors; j++) right[j] = *(const vector *)(b + k * width_b + j * LANES);
    for (int i = 0; i < rows; i++) {
      const float left = a.start[i * a.row + k * a.column];
      for (int j = 0; j < vectors; j++) sum[i][j] += left * right[j];
    }
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) *(vector *)(out + i * width_out + j * LANES) = sum[i][j];
}

INLINE void multiply_columns(const int vectors, long rows, long depth, scattered a, const float *b, long width_b,
                             float *out, long width_out, const int add) {
  long i = 0;
  for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
    multiply_tile(TILE_ROWS, vectors, depth, a, b, width_b, out, width_out, add);
    a.start += TILE_ROWS * a.row;
    out += TILE_ROWS * width_out;
  }
  for (; i + 4 <= rows; i += 4) {
    multiply_tile(4, vectors, depth, a, b, width_b, out, width_out, add);
    a.start += 4 * a.row;
    out += 4 * width_out;
  }
  for (; i < rows; i++) {
    multiply_tile(1, vectors, depth, a, b, width_b, out, width_out, add);
    a.start += a.row;
    out += width_out;
  }
}

INLINE void multiply_any(long rows, long width, long depth, scattered a, const float *b, long width_b, float *out,
                         long width_out, const int add) {
  long j = 0;
  for (; j + 2 * LANES <= width; j += 2 * LANES)
    multiply_columns(2, rows, depth, a, b + j, width_b, out + j, width_out, add);
  for (; j < width; j += LANES) multiply_columns(1, rows, depth, a, b + j, width_b, out + j, width_out, add);
}

// out (rows, width) = a (rows, depth) b (depth, width)
static void multiply(long rows, long width, long depth, const float *a, const float *b, float *out) {
  multiply_any(rows, width, depth, (scattered){a, depth, 1}, b, width, out, width, 0);
}

// out (rows, width) += a (rows, depth) b (depth, width)
static void multiply_add(long rows, long width, long depth, const float *a, const float *b, float *out) {
  multiply_any(rows, width, depth, (scattered){a, depth, 1}, b, width, out, width, 1);
}

// out (rows, width) += a^T b, of a (depth, rows) and b (depth, width): the gradient of a layer's weights
static void multiply_turned_add(long rows, long width, long depth, const float *a, const float *b, float *out) {
  multiply_any(rows, width, depth, (scattered){a, 1, rows}, b, width, out, width, 1);
}

// out (columns, rows) = a^T, of a (rows, columns)
static void turn(long rows, long columns, const float *a, float *out) {
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
}

// Each row of out (rows, width) = row
static void fill_rows(long rows, long width, const float *row, float *out) {
  for (long i = 0; i < rows; i++) memcpy(out + i * width, row, width * sizeof(float));
}
