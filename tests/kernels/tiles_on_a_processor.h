// SPDX-License-Identifier: GPL-3.0-or-later
// bfloat16 and the registers for tiles (AMX), by hand on a processor with AVX-512 alone: what Intel's manual says that each
// instruction does. To be included before all else.

#pragma once

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define TILES_BY_HAND
#undef __AVX512BF16__
#define __AVX512BF16__ 1
#undef __AMX_BF16__
#define __AMX_BF16__ 1

static inline float widen(uint16_t half) {
  const uint32_t bits = (uint32_t)half << 16;
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

static inline uint16_t narrow(float number) {
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  return (uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

static inline __m256i cvtneps(__m512 numbers) {
  float from[16];
  uint16_t to[16];
  _mm512_storeu_ps(from, numbers);
  for (int i = 0; i < 16; i++) to[i] = narrow(from[i]);
  return _mm256_loadu_si256((const __m256i *)to);
}
#define _mm512_cvtneps_pbh(numbers) cvtneps(numbers)

static inline __m512 dpbf16(__m512 sum, __m512i left, __m512i right) {
  float sums[16];
  uint16_t a[32], b[32];
  _mm512_storeu_ps(sums, sum);
  memcpy(a, &left, sizeof a);
  memcpy(b, &right, sizeof b);
  for (int i = 0; i < 16; i++)
    for (int pair = 0; pair < 2; pair++) sums[i] += widen(a[2 * i + pair]) * widen(b[2 * i + pair]);
  return _mm512_loadu_ps(sums);
}
#define _mm512_dpbf16_ps(sum, left, right) dpbf16(sum, (__m512i)(left), (__m512i)(right))

static _Thread_local struct {
  uint8_t palette, start, unused[14];
  uint16_t bytes[16];
  uint8_t rows[16];
} tiles_are;
static _Thread_local uint8_t tile[8][16][64];

static inline void load_sizes(const void *sizes) { memcpy(&tiles_are, sizes, sizeof tiles_are); }

static inline void load_tile(int t, const void *from, long apart) {
  memset(tile[t], 0, sizeof tile[t]);
  for (int i = 0; i < tiles_are.rows[t]; i++) memcpy(tile[t][i], (const char *)from + i * apart, tiles_are.bytes[t]);
}

static inline void store_tile(int t, void *to, long apart) {
  for (int i = 0; i < tiles_are.rows[t]; i++) memcpy((char *)to + i * apart, tile[t][i], tiles_are.bytes[t]);
}

static inline void multiply_tile_pairs(int t, int left, int right) {
  for (int m = 0; m < tiles_are.rows[left]; m++)
    for (int k = 0; k < tiles_are.bytes[left] / 4; k++)
      for (int n = 0; n < tiles_are.bytes[right] / 4; n++)
        for (int pair = 0; pair < 2; pair++) {
          float sum;
          uint16_t a, b;
          memcpy(&sum, tile[t][m] + 4 * n, sizeof sum);
          memcpy(&a, tile[left][m] + 4 * k + 2 * pair, sizeof a);
          memcpy(&b, tile[right][k] + 4 * n + 2 * pair, sizeof b);
          sum += widen(a) * widen(b);
          memcpy(tile[t][m] + 4 * n, &sum, sizeof sum);
        }
}

#undef _tile_zero
#undef _tile_loadd
#undef _tile_stored
#undef _tile_dpbf16ps
#define _tile_loadconfig(sizes) load_sizes(sizes)
#define _tile_release() memset(&tiles_are, 0, sizeof tiles_are)
#define _tile_zero(t) memset(tile[t], 0, sizeof tile[t])
#define _tile_loadd(t, from, apart) load_tile(t, from, (long)(apart))
#define _tile_stored(t, to, apart) store_tile(t, to, (long)(apart))
#define _tile_dpbf16ps(t, left, right) multiply_tile_pairs(t, left, right)

static int may_use_tiles(void) { return 1; }
