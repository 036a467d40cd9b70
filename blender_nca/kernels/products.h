// SPDX-License-Identifier: GPL-3.0-or-later
// Small matrix products whose operands lie in a processor's nearest caches.
//
// Everything is float32 and row-major, and every width is a multiple of sixteen, so that rows are whole vectors
// whatever their length on this processor.

#pragma once

#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#define LANES 16
#define TILE_ROWS 12
#define WIDE_ROWS 6  // of tiles of four vectors, where there are registers for them
#elif defined(__AVX__)
#define LANES 8
#define TILE_ROWS 6
#else
#define LANES 4
#define TILE_ROWS 12
#endif

// Whether products have wide tiles. Processors differ in which are faster; `kernels.choice` measures it. The sums are the same.
extern int nca_wide __attribute__((visibility("hidden")));

typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

typedef int32_t bits __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

// A matrix read one number at a time: element (i, k) is start[i * row + k * column].
typedef struct {
  const float *start;
  long row, column;
} scattered;

// What a product does beside multiplying: where its sums start, and whether their negative part is cut off, or leaks.
typedef enum { SET, ADD, AFFINE, LAYER, LEAKY } manner;

#define LEAK 0.1f
#define MOST_VECTORS 4

// rows x (vectors * LANES) of out, all sums in registers: a b, out + a b, bias + a b, and for layers max(bias + a b, 0) or
// what leaks there. `rows`, `vectors` and `how` are constants where it is used.
INLINE void multiply_tile(const int rows, const int vectors, long depth, scattered a, const float *b, long width_b,
                          const float *bias, float *out, long width_out, const manner how) {
  vector sum[TILE_ROWS][MOST_VECTORS];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++)
      sum[i][j] = how == ADD   ? *(const vector *)(out + i * width_out + j * LANES)
                  : how == SET ? (vector){0}
                               : *(const vector *)(bias + j * LANES);
  for (long k = 0; k < depth; k++) {
    vector right[MOST_VECTORS];
    for (int j = 0; j < vectors; j++) right[j] = *(const vector *)(b + k * width_b + j * LANES);
    for (int i = 0; i < rows; i++) {
      const float left = a.start[i * a.row + k * a.column];
      for (int j = 0; j < vectors; j++) sum[i][j] += left * right[j];
    }
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) {
      if (how == LAYER) sum[i][j] = (vector)((bits)sum[i][j] & (sum[i][j] > 0));
      if (how == LEAKY) {
        const bits over = sum[i][j] > 0;
        sum[i][j] = (vector)(((bits)sum[i][j] & over) | ((bits)(LEAK * sum[i][j]) & ~over));
      }
      *(vector *)(out + i * width_out + j * LANES) = sum[i][j];
    }
}

INLINE void multiply_columns(const int most_rows, const int vectors, long rows, long depth, scattered a, const float *b,
                             long width_b, const float *bias, float *out, long width_out, const manner how) {
  long i = 0;
  for (; i + most_rows <= rows; i += most_rows) {
    multiply_tile(most_rows, vectors, depth, a, b, width_b, bias, out, width_out, how);
    a.start += most_rows * a.row;
    out += most_rows * width_out;
  }
  for (; i + 4 <= rows; i += 4) {
    multiply_tile(4, vectors, depth, a, b, width_b, bias, out, width_out, how);
    a.start += 4 * a.row;
    out += 4 * width_out;
  }
  for (; i < rows; i++) {
    multiply_tile(1, vectors, depth, a, b, width_b, bias, out, width_out, how);
    a.start += a.row;
    out += width_out;
  }
}

INLINE void multiply_any(long rows, long width, long depth, scattered a, const float *b, const float *bias, float *out,
                         const manner how) {
  long j = 0;
#ifdef WIDE_ROWS
  for (; nca_wide && j + 4 * LANES <= width; j += 4 * LANES)
    multiply_columns(WIDE_ROWS, 4, rows, depth, a, b + j, width, bias + j, out + j, width, how);
#endif
  for (; j + 2 * LANES <= width; j += 2 * LANES)
    multiply_columns(TILE_ROWS, 2, rows, depth, a, b + j, width, bias + j, out + j, width, how);
  for (; j < width; j += LANES)
    multiply_columns(TILE_ROWS, 1, rows, depth, a, b + j, width, bias + j, out + j, width, how);
}

// out (rows, width) = a (rows, depth) b (depth, width)
static void multiply(long rows, long width, long depth, const float *a, const float *b, float *out) {
  multiply_any(rows, width, depth, (scattered){a, depth, 1}, b, out, out, SET);
}

// out (rows, width) += a (rows, depth) b (depth, width)
static void multiply_add(long rows, long width, long depth, const float *a, const float *b, float *out) {
  multiply_any(rows, width, depth, (scattered){a, depth, 1}, b, out, out, ADD);
}

// out (rows, width) = max(a (rows, depth) b (depth, width) + bias (width), 0)
static void multiply_layer(long rows, long width, long depth, const float *a, const float *b, const float *bias,
                           float *out) {
  multiply_any(rows, width, depth, (scattered){a, depth, 1}, b, bias, out, LAYER);
}

// The same of a layer that leaks, and of one that lets all through; rows of a are `stride` apart.
static void multiply_leaky(long rows, long width, long depth, const float *a, long stride, const float *b,
                           const float *bias, float *out) {
  multiply_any(rows, width, depth, (scattered){a, stride, 1}, b, bias, out, LEAKY);
}

static void multiply_affine(long rows, long width, long depth, const float *a, long stride, const float *b,
                            const float *bias, float *out) {
  multiply_any(rows, width, depth, (scattered){a, stride, 1}, b, bias, out, AFFINE);
}

// out (rows, width) += a^T b, of a (depth, rows) and b (depth, width): the gradient of a layer's weights
static void multiply_turned_add(long rows, long width, long depth, const float *a, const float *b, float *out) {
  multiply_any(rows, width, depth, (scattered){a, 1, rows}, b, out, out, ADD);
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

// ---- draft products, where the processor multiplies bfloat16: sums stay float32 ----

#if defined(__AVX512BF16__)
#define HAS_DRAFT 1
#include <immintrin.h>

// Numbers as bfloat16, rounded to nearest; count is a multiple of sixteen.
static void round_to_draft(long count, const float *from, uint16_t *to) {
  for (long i = 0; i < count; i += 16)
    _mm256_storeu_si256((__m256i *)(to + i), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(from + i)));
}

// b (depth, width) as bfloat16, two rows beside each other: (depth / 2, width, 2).
static void pair_rows(long depth, long width, const float *b, uint16_t *paired) {
  for (long k = 0; k < depth; k++)
    for (long j = 0; j < width; j++) {
      uint32_t bits;
      memcpy(&bits, b + k * width + j, sizeof bits);
      paired[(k / 2 * width + j) * 2 + k % 2] = (uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

INLINE void multiply_draft_tile(const int rows, const int vectors, long depth, const uint16_t *a, const uint16_t *b,
                                long width, const float *bias, float *out, uint16_t *rounded, const manner how) {
  __m512 sum[TILE_ROWS][2];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++)
      sum[i][j] = how == LAYER ? _mm512_loadu_ps(bias + j * 16) : _mm512_setzero_ps();
  for (long k = 0; k < depth; k += 2) {
    __m512bh right[2];
    for (int j = 0; j < vectors; j++) right[j] = (__m512bh)_mm512_loadu_si512(b + k * width + j * 32);
    for (int i = 0; i < rows; i++) {
      int32_t pair;
      memcpy(&pair, a + i * depth + k, sizeof pair);
      const __m512bh left = (__m512bh)_mm512_set1_epi32(pair);
      for (int j = 0; j < vectors; j++) sum[i][j] = _mm512_dpbf16_ps(sum[i][j], left, right[j]);
    }
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) {
      if (how == LAYER)
        _mm256_storeu_si256((__m256i *)(rounded + i * width + j * 16),
                            (__m256i)_mm512_cvtneps_pbh(_mm512_max_ps(sum[i][j], _mm512_setzero_ps())));
      else
        _mm512_storeu_ps(out + i * width + j * 16, sum[i][j]);
    }
}

INLINE void multiply_draft_any(long rows, long width, long depth, const uint16_t *a, const uint16_t *b,
                               const float *bias, float *out, uint16_t *rounded, const manner how) {
  for (long j = 0; j < width; j += 32) {
    const int vectors = width - j < 32 ? 1 : 2;
    for (long i = 0; i < rows;) {
      const uint16_t *left = a + i * depth, *right = b + 2 * j;
      const long at = i * width + j;
#define TILE(n, v) multiply_draft_tile(n, v, depth, left, right, width, bias + j, out + at, rounded + at, how), i += n
      if (vectors == 2) {
        if (i + TILE_ROWS <= rows) TILE(TILE_ROWS, 2);
        else if (i + 4 <= rows) TILE(4, 2);
        else TILE(1, 2);
      } else {
        if (i + TILE_ROWS <= rows) TILE(TILE_ROWS, 1);
        else if (i + 4 <= rows) TILE(4, 1);
        else TILE(1, 1);
      }
#undef TILE
    }
  }
}

// out (rows, width) = a (rows, depth) b, of b paired
static void multiply_draft(long rows, long width, long depth, const uint16_t *a, const uint16_t *b, float *out) {
  multiply_draft_any(rows, width, depth, a, b, out, out, (uint16_t *)out, SET);
}

// out (rows, width) = max(a (rows, depth) b + bias (width), 0), rounded
static void multiply_draft_layer(long rows, long width, long depth, const uint16_t *a, const uint16_t *b,
                                 const float *bias, uint16_t *out) {
  multiply_draft_any(rows, width, depth, a, b, bias, (float *)out, out, LAYER);
}
#else
#define HAS_DRAFT 0
#endif
