// SPDX-License-Identifier: GPL-3.0-or-later
// The renderer's painting on a graphics card, in one pass: interpolate, run the perceptron, and write maps, or the images
// that Blender shows. What renderer.py and maps/packing.py say.
//
// A thread paints two pixels of a row at a time: their features stay in registers, the weights are read from shared
// memory, once for both. PAINTING, the width of the hidden layers, is defined before this is compiled, a multiple of four.

#include "card.cuh"

#define SUPPORT 2
#define TAPS (2 * SUPPORT + 1)
#define LEAK 0.1f
#define OPAQUE_FROM 0.5f
#define MAPS 8
#define FEATURES (PAINTING / 4)  // in fours
#define FIRST_ROW (QUADS + 1)    // a unit of the first layer: its weights, its bias
#define SECOND_ROW (FEATURES + 3) // of the second one: its weights, its bias, its share in the maps
#define SECOND (PAINTING * FIRST_ROW)
#define LAST (SECOND + PAINTING * SECOND_ROW)  // bias of the maps
#define WEIGHTS (LAST + MAPS / 4)

__device__ float leak(float feature) { return feature > 0 ? feature : LEAK * feature; }
__device__ float clip(float value) { return value < 0 ? 0 : value > 1 ? 1 : value; }
__device__ float decode(float value) { return value <= 0.04045f ? value / 12.92f : powf((value + 0.055f) / 1.055f, 2.4f); }

// State at the pixel (y, x), in fours of channels.
__device__ void interpolate(const float4 *state, const float *taps, int height, int width, int wrap, int pixels, int y,
                            int x, float4 *seen) {
  const float *down = taps + y % pixels * TAPS, *along = taps + x % pixels * TAPS;
#pragma unroll
  for (int q = 0; q < QUADS; q++) seen[q].x = seen[q].y = seen[q].z = seen[q].w = 0;
  for (int i = 0; i < TAPS; i++) {
    if (down[i] == 0) continue;
    const long row = (long)beside(y / pixels + i - SUPPORT, height, wrap) * width;
    for (int j = 0; j < TAPS; j++) {
      const float4 *cell = state + (row + beside(x / pixels + j - SUPPORT, width, wrap)) * QUADS;
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

#define DOT(weight, features) \
  ((weight).x * (features).x + (weight).y * (features).y + ((weight).z * (features).z + (weight).w * (features).w))

// Maps of two pixels at once, clipped to [0, 1]: MAPS each.
__device__ void paint(const float4 *weights, const float4 *one, const float4 *two, float *of_one, float *of_two) {
  float4 features_one[FEATURES], features_two[FEATURES], maps_one[MAPS / 4], maps_two[MAPS / 4];
#pragma unroll
  for (int f = 0; f < FEATURES; f++) {
#define UNIT(c, i)                                                   \
  {                                                                  \
    const float4 *row = weights + (4 * f + i) * FIRST_ROW;           \
    float a = row[QUADS].x, b = a;                                   \
    for (int q = 0; q < QUADS; q++) {                                \
      const float4 weight = row[q];                                  \
      a += DOT(weight, one[q]), b += DOT(weight, two[q]);            \
    }                                                                \
    features_one[f].c = leak(a), features_two[f].c = leak(b);        \
  }
    UNIT(x, 0)
    UNIT(y, 1)
    UNIT(z, 2)
    UNIT(w, 3)
#undef UNIT
  }
#pragma unroll
  for (int m = 0; m < MAPS / 4; m++) maps_one[m] = maps_two[m] = weights[LAST + m];
#pragma unroll 1
  for (int unit = 0; unit < PAINTING; unit++) {
    const float4 *row = weights + SECOND + unit * SECOND_ROW;
    float a = row[FEATURES].x, b = a;
#pragma unroll
    for (int f = 0; f < FEATURES; f++) {
      const float4 weight = row[f];
      a += DOT(weight, features_one[f]), b += DOT(weight, features_two[f]);
    }
    a = leak(a), b = leak(b);
#pragma unroll
    for (int m = 0; m < MAPS / 4; m++) {
      const float4 weight = row[FEATURES + 1 + m];
#define DO(c) maps_one[m].c += weight.c * a, maps_two[m].c += weight.c * b;
      EACH_COMPONENT(DO)
#undef DO
    }
  }
#define FINISH(maps, seen, to)                                                                                        \
  to[0] = clip(maps[0].x + seen[0].x), to[1] = clip(maps[0].y + seen[0].y), to[2] = clip(maps[0].z + seen[0].z);      \
  to[3] = clip((maps[0].w + seen[0].w) * clip(seen[0].w / OPAQUE_FROM));                                              \
  to[4] = clip(maps[1].x), to[5] = clip(maps[1].y), to[6] = clip(maps[1].z), to[7] = clip(maps[1].w);
  FINISH(maps_one, one, of_one)
  FINISH(maps_two, two, of_two)
#undef FINISH
}

// One block paints 2 THREADS pixels of the row blockIdx.y.
//
// state (height, width, CHANNELS); taps (pixels, TAPS): how much the cells around one count in each of its pixels;
// maps (MAPS, height * pixels, width * pixels), row 0 at the top; or, where `live`, two images (height * pixels,
// width * pixels, 4) whose first row is the lowest: linear base colour and alpha, then the maps number 5, 6, 4 and 7.
KERNEL nca_paint(const float4 *state, const float4 *weights, const float *taps, float *maps, int height, int width,
                 int wrap, int pixels, int live) {
  __shared__ float4 of_painter[WEIGHTS];
  for (int i = threadIdx.x; i < WEIGHTS; i += THREADS) of_painter[i] = weights[i];
  __syncthreads();
  const int across = width * pixels, down = height * pixels, y = blockIdx.y;
  const int first = blockIdx.x * 2 * THREADS + threadIdx.x, second = first + THREADS;
  if (first >= across) return;
  float4 one[QUADS], two[QUADS];
  float of_one[MAPS], of_two[MAPS];
  interpolate(state, taps, height, width, wrap, pixels, y, first, one);
  interpolate(state, taps, height, width, wrap, pixels, y, second < across ? second : first, two);
  paint(of_painter, one, two, of_one, of_two);
  const long plane = (long)down * across;
  for (int k = 0; k < 2; k++) {
    const int x = k ? second : first;
    const float *painted = k ? of_two : of_one;
    if (x >= across) break;
    if (!live) {
      float *to = maps + (long)y * across + x;
      for (int m = 0; m < MAPS; m++) to[m * plane] = painted[m];
      continue;
    }
    float *colour = maps + ((long)(down - 1 - y) * across + x) * 4, *rest = colour + plane * 4;
    for (int m = 0; m < 3; m++) colour[m] = decode(painted[m]);
    colour[3] = painted[3];
    rest[0] = painted[5], rest[1] = painted[6], rest[2] = painted[4], rest[3] = painted[7];
  }
}
