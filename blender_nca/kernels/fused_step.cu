// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of a grid on a graphics card: perceive, perceptron, fire and add in one kernel, the living mask in a second one.
//
// A block has a tile of cells. It lists those of them that live and fire, and each of its threads takes two cells at a
// time from that list: their percepts stay in registers, the weights are read from shared memory, once for both. So no
// lane waits for cells that do not fire, and the state is read once and written once a step.
//
// HIDDEN is defined before this is compiled.

#include "card.cuh"

#define LIFE_OF(cell) before[(cell) * QUADS].w  // channel 3
#define ALIVE_ABOVE 0.1f
#define PERCEPTS (4 * QUADS)        // in fours: state, Sobel x, Sobel y, Laplacian
#define ROW (PERCEPTS + 1 + QUADS)  // a hidden unit: its weights, its bias, its share in the change
#define TILE 32
#define LANES 32

__device__ unsigned mix(unsigned bits) {
  bits ^= bits >> 16;
  bits *= 0x7FEB352Du;
  bits ^= bits >> 15;
  bits *= 0x846CA68Bu;
  return bits ^ (bits >> 16);
}

// Percepts of a cell, in fours of channels.
__device__ void perceive(const float4 *before, int height, int width, int wrap, int y, int x, float4 *percepts) {
  const long above = (long)beside(y - 1, height, wrap) * width, here = (long)y * width,
             below = (long)beside(y + 1, height, wrap) * width;
  const int left = beside(x - 1, width, wrap), right = beside(x + 1, width, wrap);
#pragma unroll
  for (int q = 0; q < QUADS; q++) {
#define AT(row, column) before[((row) + (column)) * QUADS + q]
    const float4 nw = AT(above, left), n = AT(above, x), ne = AT(above, right);
    const float4 west = AT(here, left), centre = AT(here, x), east = AT(here, right);
    const float4 sw = AT(below, left), s = AT(below, x), se = AT(below, right);
#undef AT
    percepts[q] = centre;
#define DO(c)                                                                                                       \
  percepts[QUADS + q].c = (ne.c + se.c - nw.c - sw.c + 2 * (east.c - west.c)) * 0.125f;                             \
  percepts[2 * QUADS + q].c = (sw.c + se.c - nw.c - ne.c + 2 * (s.c - n.c)) * 0.125f;                               \
  percepts[3 * QUADS + q].c =                                                                                       \
      (nw.c + ne.c + sw.c + se.c + 2 * (n.c + west.c + east.c + s.c)) * 0.0625f - 0.75f * centre.c;
    EACH_COMPONENT(DO)
#undef DO
  }
}

// The change that a rule makes of two cells at once.
__device__ void find_change(const float4 *weights, const float4 *one, const float4 *two, float4 *of_one, float4 *of_two) {
#pragma unroll
  for (int q = 0; q < QUADS; q++) of_one[q].x = of_one[q].y = of_one[q].z = of_one[q].w = 0;
#pragma unroll
  for (int q = 0; q < QUADS; q++) of_two[q] = of_one[q];
#pragma unroll 1
  for (int unit = 0; unit < HIDDEN; unit++) {
    const float4 *row = weights + unit * ROW;
    float4 a = row[PERCEPTS], b = a;  // the bias, and zeros
#pragma unroll
    for (int q = 0; q < PERCEPTS; q++) {
      const float4 weight = row[q];
#define DO(c)                    \
  a.c += weight.c * one[q].c;    \
  b.c += weight.c * two[q].c;
      EACH_COMPONENT(DO)
#undef DO
    }
    const float hidden_one = largest(a.x + a.y + (a.z + a.w), 0), hidden_two = largest(b.x + b.y + (b.z + b.w), 0);
#pragma unroll
    for (int q = 0; q < QUADS; q++) {
      const float4 weight = row[PERCEPTS + 1 + q];
#define DO(c)                              \
  of_one[q].c += weight.c * hidden_one;    \
  of_two[q].c += weight.c * hidden_two;
      EACH_COMPONENT(DO)
#undef DO
    }
  }
}

__device__ void add(float4 *cell, const float4 *change, float share) {
#pragma unroll
  for (int q = 0; q < QUADS; q++) {
    float4 sum = cell[q];
#define DO(c) sum.c += share * change[q].c;
    EACH_COMPONENT(DO)
#undef DO
    cell[q] = sum;
  }
}

// What the cells become before the mask, one block a tile of TILE x TILE.
//
// weights (rules, HIDDEN, ROW): see ROW; shares (rules, height, width), or NULL for one rule that counts everywhere;
// life (height, width): of `after`; alive (height, width): before the step.
KERNEL nca_change(const float4 *before, float4 *after, float *life, unsigned char *alive, const float4 *weights,
                  const float *shares, int rules, int height, int width, int wrap, unsigned key, unsigned threshold) {
  __shared__ float4 of_rule[HIDDEN * ROW];
  __shared__ unsigned short firing[TILE * TILE];
  __shared__ int count;
  const int top = blockIdx.y * TILE, left = blockIdx.x * TILE, thread = threadIdx.x;

  for (int i = thread; i < TILE * TILE; i += THREADS) {
    const int y = top + i / TILE, x = left + i % TILE;
    if (y >= height || x >= width) continue;
    float most = 0;
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++)
        most = largest(most, LIFE_OF((long)beside(y + dy, height, wrap) * width + beside(x + dx, width, wrap)));
    const long cell = (long)y * width + x;
    alive[cell] = most > ALIVE_ABOVE;
    life[cell] = LIFE_OF(cell);
    for (int q = 0; q < QUADS; q++) after[cell * QUADS + q] = before[cell * QUADS + q];
  }

  for (int rule = 0; rule < rules; rule++) {
    const float *share = shares ? shares + (long)rule * height * width : 0;
    __syncthreads();  // all are done with the rule before, and with the mask
    for (int i = thread; i < HIDDEN * ROW; i += THREADS) of_rule[i] = weights[rule * HIDDEN * ROW + i];
    if (thread == 0) count = 0;
    __syncthreads();
    for (int i = thread; i < TILE * TILE; i += THREADS) {
      const int y = top + i / TILE, x = left + i % TILE;
      if (y >= height || x >= width) continue;
      const long cell = (long)y * width + x;
      const int fires = mix((unsigned)cell ^ key) < threshold;
      if (fires && alive[cell] && (!share || share[cell] > 0)) firing[atomicAdd(&count, 1)] = i;
    }
    __syncthreads();
    for (int task = thread / LANES * 2 * LANES; task < count; task += 2 * THREADS) {
      const int first = task + thread % LANES, second = first + LANES;
      if (first >= count) continue;
      const int one = firing[first], two = second < count ? firing[second] : one;
      float4 percepts_one[PERCEPTS], percepts_two[PERCEPTS], of_one[QUADS], of_two[QUADS];
      perceive(before, height, width, wrap, top + one / TILE, left + one % TILE, percepts_one);
      perceive(before, height, width, wrap, top + two / TILE, left + two % TILE, percepts_two);
      find_change(of_rule, percepts_one, percepts_two, of_one, of_two);
      const long cell_one = (long)(top + one / TILE) * width + left + one % TILE;
      const long cell_two = (long)(top + two / TILE) * width + left + two % TILE;
      add(after + cell_one * QUADS, of_one, share ? share[cell_one] : 1);
      life[cell_one] = after[cell_one * QUADS].w;
      if (second < count) {
        add(after + cell_two * QUADS, of_two, share ? share[cell_two] : 1);
        life[cell_two] = after[cell_two * QUADS].w;
      }
    }
  }
}

// Erase what does not live: before and after the step, it or a neighbour has more life than ALIVE_ABOVE.
KERNEL nca_mask(float4 *after, const float *life, const unsigned char *alive, int height, int width, int wrap) {
  const int top = blockIdx.y * TILE, left = blockIdx.x * TILE;
  for (int i = threadIdx.x; i < TILE * TILE; i += THREADS) {
    const int y = top + i / TILE, x = left + i % TILE;
    if (y >= height || x >= width) continue;
    const long cell = (long)y * width + x;
    float most = 0;
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++)
        most = largest(most, life[(long)beside(y + dy, height, wrap) * width + beside(x + dx, width, wrap)]);
    if (alive[cell] && most > ALIVE_ABOVE) continue;
    float4 nothing;
    nothing.x = nothing.y = nothing.z = nothing.w = 0;
    for (int q = 0; q < QUADS; q++) after[cell * QUADS + q] = nothing;
  }
}
