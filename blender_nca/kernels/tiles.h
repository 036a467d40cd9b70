// SPDX-License-Identifier: GPL-3.0-or-later
// Draft products in a processor's registers for tiles (AMX): sixteen rows of sixteen sums each, an instruction for all.
//
// Operands are those of the draft products in `products.h`: a tile of the left one is sixteen rows as they lie in
// memory, and paired rows are what a tile of the right one consists of.

#pragma once

#include "products.h"

#if HAS_DRAFT && defined(__AMX_BF16__)
#define HAS_TILES 1

#define SIDE 16       // rows of a tile, and sums in each
#define TILE_DEPTH 32  // numbers of the left operand in a row of a tile

#if defined(__linux__) && !defined(TILES_BY_HAND)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

// Whether the processor has such registers and the system lets this process use them, for which it has to be asked.
static int may_use_tiles(void) {
  enum { ASK_FOR_STATE = 0x1023, TILE_STATE = 18 };
  const uint32_t bfloat16_tiles = 1u << 22 | 1u << 24;
  uint32_t a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & bfloat16_tiles) != bfloat16_tiles) return 0;
  return syscall(SYS_arch_prctl, ASK_FOR_STATE, TILE_STATE) == 0;
}
#elif !defined(TILES_BY_HAND)
static int may_use_tiles(void) { return 0; }
#endif

// Eight tiles of full size: sums in the first four, then two of the left operand and two of the right.
static void prepare_tiles(void) {
  struct {
    uint8_t palette, start, unused[14];
    uint16_t bytes[16];
    uint8_t rows[16];
  } sizes = {.palette = 1};
  for (int i = 0; i < 8; i++) sizes.bytes[i] = 64, sizes.rows[i] = SIDE;
  _tile_loadconfig(&sizes);
}

static void finish_tiles(void) { _tile_release(); }

// Cut off what is negative and round: a tile of sums into `width` apart rows of `out`.
static void round_layer(const float *sums, long width, uint16_t *out) {
  for (int i = 0; i < SIDE; i++)
    _mm256_storeu_si256((__m256i *)(out + i * width),
                        (__m256i)_mm512_cvtneps_pbh(
                            _mm512_max_ps(_mm512_loadu_ps(sums + i * SIDE), _mm512_setzero_ps())));
}

#define STORE(tile, i, j)                                                                  \
  do {                                                                                     \
    if (how == LAYER) {                                                                    \
      _tile_stored(tile, sums, SIDE * sizeof(float));                                      \
      round_layer(sums, width, rounded + (i) * width + (j));                               \
    } else                                                                                 \
      _tile_stored(tile, out + (i) * width + (j), width * sizeof(float));                  \
  } while (0)

// As `multiply_draft_any`, of any number of rows: all operands have memory for the next multiple of SIDE. `depth` is a
// multiple of TILE_DEPTH.
INLINE void multiply_tiles_any(long rows, long width, long depth, const uint16_t *a, const uint16_t *b,
                               const float *bias, float *out, uint16_t *rounded, const manner how) {
  float sums[SIDE * SIDE] __attribute__((aligned(64)));
  for (long j = 0; j < width; j += 2 * SIDE) {
    const int wide = j + SIDE < width;
    for (long i = 0; i < rows; i += 2 * SIDE) {
      const int tall = i + SIDE < rows;
      if (how == LAYER) {  // no bytes between rows: each is the bias
        _tile_loadd(0, bias + j, 0);
        _tile_loadd(2, bias + j, 0);
        if (wide) {
          _tile_loadd(1, bias + j + SIDE, 0);
          _tile_loadd(3, bias + j + SIDE, 0);
        }
      } else {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
      }
      for (long k = 0; k < depth; k += TILE_DEPTH) {
        _tile_loadd(4, a + i * depth + k, depth * sizeof *a);
        _tile_loadd(6, b + k * width + 2 * j, 2 * width * sizeof *b);
        _tile_dpbf16ps(0, 4, 6);
        if (wide) {
          _tile_loadd(7, b + k * width + 2 * (j + SIDE), 2 * width * sizeof *b);
          _tile_dpbf16ps(1, 4, 7);
        }
        if (tall) {
          _tile_loadd(5, a + (i + SIDE) * depth + k, depth * sizeof *a);
          _tile_dpbf16ps(2, 5, 6);
          if (wide) _tile_dpbf16ps(3, 5, 7);
        }
      }
      STORE(0, i, j);
      if (wide) STORE(1, i, j + SIDE);
      if (tall) STORE(2, i + SIDE, j);
      if (tall && wide) STORE(3, i + SIDE, j + SIDE);
    }
  }
}
#undef STORE

// out (rows, width) = a (rows, depth) b, of b paired
static void multiply_tiles(long rows, long width, long depth, const uint16_t *a, const uint16_t *b, float *out) {
  multiply_tiles_any(rows, width, depth, a, b, out, out, (uint16_t *)out, SET);
}

// out (rows, width) = max(a (rows, depth) b + bias (width), 0), rounded
static void multiply_tiles_layer(long rows, long width, long depth, const uint16_t *a, const uint16_t *b,
                                 const float *bias, uint16_t *out) {
  multiply_tiles_any(rows, width, depth, a, b, bias, (float *)out, out, LAYER);
}
#else
#define HAS_TILES 0
#endif
