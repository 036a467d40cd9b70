// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the kernels this processor runs; compiled for the oldest there are.

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdint.h>

// Which registers the system keeps when it changes between programs.
static uint32_t kept_registers(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}
#endif

// 4: AVX-512 with bfloat16 products. 3: AVX2 and fused multiply-adds. 0: neither, or no x86.
int nca_level(void) {
#if defined(__x86_64__)
  const uint32_t fma = 1u << 12, xsave = 1u << 27, avx2 = 1u << 5, bmi2 = 1u << 8;
  const uint32_t avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31, bfloat16 = 1u << 5;  // F, DQ, BW, VL
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (fma | xsave)) != (fma | xsave)) return 0;
  const uint32_t kept = kept_registers();
  if ((kept & 0x06) != 0x06 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  if ((b & (avx2 | bmi2)) != (avx2 | bmi2)) return 0;
  if ((b & avx512) != avx512 || (kept & 0xE6) != 0xE6) return 3;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & bfloat16) ? 4 : 3;
#else
  return 0;
#endif
}
