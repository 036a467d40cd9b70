// SPDX-License-Identifier: GPL-3.0-or-later
// The renderer's painting on a graphics card, in one pass: interpolate, run the perceptrons, and write maps, or the images
// that Blender shows. What `manifold.renderer` and `maps.packing` say.
//
// A thread paints AT_ONCE pixels of a row at a time: their features stay in registers, and a weight is read once for all
// of them. PAINTING, the width of the hidden layers, is defined before this is compiled, a multiple of four.

#include "cards.cuh"
#include "painting_equations.cuh"

// State at the pixel (y, x), in fours of channels.
__device__ void interpolate(const GLOBAL float4 *state, const GLOBAL float *taps, int height, int width, int wrap,
                            int pixels, int y, int x, PRIVATE float4 *seen) {
  const GLOBAL float *down = taps + y % pixels * TAPS, *along = taps + x % pixels * TAPS;
#pragma unroll
  for (int q = 0; q < QUADS; q++) seen[q].x = seen[q].y = seen[q].z = seen[q].w = 0;
  for (int i = 0; i < TAPS; i++) {
    if (down[i] == 0) continue;
    const long row = (long)beside(y / pixels + i - SUPPORT, height, wrap) * width;
    for (int j = 0; j < TAPS; j++) {
      const GLOBAL float4 *cell = state + (row + beside(x / pixels + j - SUPPORT, width, wrap)) * QUADS;
      const float weight = down[i] * along[j];
#pragma unroll
      for (int q = 0; q < QUADS; q++) {
        const float4 here = cell[q];
#define DO(c) seen[q].c += weight * here.c;
        EACH_COMPONENT(DO)
#undef DO
      }
    }
  }
}

// How much a genotype counts at the pixel (y, x).
__device__ float interpolate_share(const GLOBAL float *share, const GLOBAL float *taps, int height, int width, int wrap,
                                   int pixels, int y, int x) {
  const GLOBAL float *down = taps + y % pixels * TAPS, *along = taps + x % pixels * TAPS;
  float sum = 0;
  for (int i = 0; i < TAPS; i++) {
    const long row = (long)beside(y / pixels + i - SUPPORT, height, wrap) * width;
    for (int j = 0; j < TAPS; j++)
      sum += down[i] * along[j] * share[row + beside(x / pixels + j - SUPPORT, width, wrap)];
  }
  return sum;
}

// Add to the maps of some pixels what a genotype paints there, as much as it counts.
__device__ void paint(const WEIGHTS float4 *weights, PRIVATE float4 (*seen)[INPUTS], const PRIVATE float *share,
                      PRIVATE float4 (*maps)[MAPS / 4]) {
  float4 features[AT_ONCE][FEATURES];
#pragma unroll
  for (int f = 0; f < FEATURES; f++) {
#define UNIT(c, i)                                                           \
  {                                                                          \
    const WEIGHTS float4 *row = weights + (4 * f + i) * FIRST_ROW;           \
    float sum[AT_ONCE];                                                      \
    for (int k = 0; k < AT_ONCE; k++) sum[k] = row[INPUTS].x;                \
    for (int q = 0; q < INPUTS; q++) {                                       \
      const float4 weight = row[q];                                          \
      for (int k = 0; k < AT_ONCE; k++) sum[k] += DOT(weight, seen[k][q]);   \
    }                                                                        \
    for (int k = 0; k < AT_ONCE; k++) features[k][f].c = leak(sum[k]);       \
  }
    UNIT(x, 0)
    UNIT(y, 1)
    UNIT(z, 2)
    UNIT(w, 3)
#undef UNIT
  }
#pragma unroll
  for (int k = 0; k < AT_ONCE; k++)
#pragma unroll
    for (int m = 0; m < MAPS / 4; m++) {
      const float4 bias = weights[LAST + m];
#define DO(c) maps[k][m].c += share[k] * bias.c;
      EACH_COMPONENT(DO)
#undef DO
    }
#pragma unroll 1
  for (int unit = 0; unit < PAINTING; unit++) {
    const WEIGHTS float4 *row = weights + SECOND + unit * SECOND_ROW;
    float sum[AT_ONCE];
#pragma unroll
    for (int k = 0; k < AT_ONCE; k++) sum[k] = row[FEATURES].x;
#pragma unroll
    for (int f = 0; f < FEATURES; f++) {
      const float4 weight = row[f];
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) sum[k] += DOT(weight, features[k][f]);
    }
#pragma unroll
    for (int k = 0; k < AT_ONCE; k++) sum[k] = share[k] * leak(sum[k]);
#pragma unroll
    for (int m = 0; m < MAPS / 4; m++) {
      const float4 weight = row[FEATURES + 1 + m];
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) {
#define DO(c) maps[k][m].c += weight.c * sum[k];
        EACH_COMPONENT(DO)
#undef DO
      }
    }
  }
}

// One block paints AT_ONCE * THREADS pixels of the row top + blockIdx.y.
//
// state (height, width, CHANNELS); weights (painters, SIZE); shares (painters, height, width), read if some are `shared`,
// else one painter counts everywhere; taps (pixels, TAPS): how much the cells around one count in each of its pixels;
// grain (grained, grained, GRAIN): what painters read behind the state, if GRAIN is not 0;
// maps (MAPS, rows, width * pixels), row 0 at the top; or, where `live`, two images (rows, width * pixels, 4) whose first
// row is the lowest: linear base colour and alpha; roughness, metallic, height, emission.
KERNEL nca_paint(const GLOBAL float4 *state, const WEIGHTS float4 *weights, const GLOBAL float *shares,
                 const GLOBAL float *taps, const GLOBAL float4 *grain, GLOBAL float *maps, SCALAR(int) painters,
                 SCALAR(int) shared, SCALAR(int) height, SCALAR(int) width, SCALAR(int) wrap, SCALAR(int) pixels,
                 SCALAR(int) top, SCALAR(int) rows, SCALAR(int) live, SCALAR(int) grained PLACE) {
#if STAGED
  __shared__ float4 of_painter[SIZE];
#endif
  const int across = width * pixels, row = blockIdx.y, y = top + row;
  const int first = blockIdx.x * AT_ONCE * THREADS + threadIdx.x;
  float4 seen[AT_ONCE][INPUTS], painted[AT_ONCE][MAPS / 4];
  float counted[AT_ONCE];  // shares of all painters together
  int columns[AT_ONCE];
#pragma unroll
  for (int k = 0; k < AT_ONCE; k++) {
    columns[k] = first + k * THREADS < across ? first + k * THREADS : across - 1;
    interpolate(state, taps, height, width, wrap, pixels, y, columns[k], seen[k]);
#if GRAIN
    const GLOBAL float4 *of_pixel = grain + ((long)(y % grained) * grained + columns[k] % grained) * GRAINS;
#pragma unroll
    for (int q = 0; q < GRAINS; q++) seen[k][QUADS + q] = of_pixel[q];
#endif
    counted[k] = 0;
#pragma unroll
    for (int m = 0; m < MAPS / 4; m++) painted[k][m].x = painted[k][m].y = painted[k][m].z = painted[k][m].w = 0;
  }

  for (int painter = 0; painter < painters; painter++) {
#if STAGED
    __syncthreads();  // all are done with the painter before
    for (int i = threadIdx.x; i < SIZE; i += THREADS) of_painter[i] = weights[painter * SIZE + i];
    __syncthreads();
#else
    const WEIGHTS float4 *of_painter = weights + painter * SIZE;
#endif
    float share[AT_ONCE], most = 0;
#pragma unroll
    for (int k = 0; k < AT_ONCE; k++) {
      share[k] = 1;
      if (shared)
        share[k] = interpolate_share(shares + (long)painter * height * width, taps, height, width, wrap, pixels, y,
                                     columns[k]);
      counted[k] += share[k];
      most = largest(most, largest(share[k], -share[k]));
    }
    if (most > 0) paint(of_painter, seen, share, painted);
  }

  const long plane = (long)rows * across;
#pragma unroll
  for (int k = 0; k < AT_ONCE; k++) {
    if (first + k * THREADS >= across) break;
    FINISH(painted[k][0], painted[k][1], seen[k][0], counted[k])
    if (live) {
      GLOBAL float *colour = maps + ((long)(rows - 1 - row) * across + columns[k]) * 4, *rest = colour + plane * 4;
      colour[0] = decode(red), colour[1] = decode(green), colour[2] = decode(blue), colour[3] = alpha;
      rest[0] = roughness, rest[1] = metallic, rest[2] = relief, rest[3] = emission;
    } else {
      GLOBAL float *to = maps + (long)row * across + columns[k];
      to[0] = red, to[plane] = green, to[2 * plane] = blue, to[3 * plane] = alpha;
      to[4 * plane] = relief, to[5 * plane] = roughness, to[6 * plane] = metallic, to[7 * plane] = emission;
    }
  }
}
