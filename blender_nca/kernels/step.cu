// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of a grid on a graphics card: perceive, perceptron, fire and add in one kernel, the living mask in a second one.
//
// A block has a tile of cells. It lists those of them that live and fire, and each of its threads takes AT_ONCE cells at
// a time from that list: their percepts stay in registers, and a weight is read once for all of them. So no lane waits
// for cells that do not fire, and the state is read once and written once a step.
//
// HIDDEN is defined before this is compiled.
//
// On a surface the grids have one cell of surroundings, and its ties write into their cells before each of the two.

#include "cards.cuh"
#include "step_equations.cuh"

#define LIFE_OF(cell) before[(cell) * QUADS].w  // channel 3
#define TILE 32
#define LANES 32

// Percepts of a cell, in fours of channels.
__device__ void perceive(const GLOBAL float4 *before, int height, int width, int wrap, int y, int x,
                         PRIVATE float4 *percepts) {
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
    EACH_COMPONENT(PERCEIVE)
  }
}

// The change that a rule makes of some cells at once.
__device__ void find_change(const WEIGHTS float4 *weights, PRIVATE float4 (*percepts)[PERCEPTS],
                            PRIVATE float4 (*change)[QUADS]) {
#pragma unroll
  for (int k = 0; k < AT_ONCE; k++)
#pragma unroll
    for (int q = 0; q < QUADS; q++) change[k][q].x = change[k][q].y = change[k][q].z = change[k][q].w = 0;
#pragma unroll 1
  for (int unit = 0; unit < HIDDEN; unit++) {
    const WEIGHTS float4 *row = weights + unit * ROW;
    float4 sum[AT_ONCE];
    float hidden[AT_ONCE];
#pragma unroll
    for (int k = 0; k < AT_ONCE; k++) sum[k] = row[PERCEPTS];  // the bias, and zeros
#pragma unroll
    for (int q = 0; q < PERCEPTS; q++) {
      const float4 weight = row[q];
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) {
#define DO(c) sum[k].c += weight.c * percepts[k][q].c;
        EACH_COMPONENT(DO)
#undef DO
      }
    }
#pragma unroll
    for (int k = 0; k < AT_ONCE; k++) hidden[k] = largest(sum[k].x + sum[k].y + (sum[k].z + sum[k].w), 0);
#pragma unroll
    for (int q = 0; q < QUADS; q++) {
      const float4 weight = row[PERCEPTS + 1 + q];
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) {
#define DO(c) change[k][q].c += weight.c * hidden[k];
        EACH_COMPONENT(DO)
#undef DO
      }
    }
  }
}

__device__ void add(GLOBAL float4 *cell, const PRIVATE float4 *change, float share) {
#pragma unroll
  for (int q = 0; q < QUADS; q++) {
    float4 sum = cell[q];
#define DO(c) sum.c += share * change[q].c;
    EACH_COMPONENT(DO)
#undef DO
    cell[q] = sum;
  }
}

// Turn the two gradients among percepts; see TURN.
__device__ void turn(float4 by, PRIVATE float4 *percepts) {
#pragma unroll
  for (int q = 0; q < QUADS; q++) {
    const float4 x = percepts[QUADS + q], y = percepts[2 * QUADS + q];
    EACH_COMPONENT(TURN)
  }
}

// What ties take, written into the cells that they stand in, of `size` numbers each: one thread a number.
//
// places (ties); sources, weights (ties, TIE_TAPS)
KERNEL nca_tie(GLOBAL float *cells, const GLOBAL int *places, const GLOBAL int *sources, const GLOBAL float *weights,
               SCALAR(int) ties, SCALAR(int) size PLACE) {
  const int number = blockIdx.x * THREADS + threadIdx.x, tie = number / size, part = number % size;
  if (tie >= ties) return;
  float sum = 0;
  for (int tap = 0; tap < TIE_TAPS; tap++)
    sum += weights[tie * TIE_TAPS + tap] * cells[(long)sources[tie * TIE_TAPS + tap] * size + part];
  cells[(long)places[tie] * size + part] = sum;
}

// What the cells become before the mask, one block a tile of TILE x TILE.
//
// weights (rules, HIDDEN, ROW): see ROW; shares (rules, height, width), read if some are `shared`, else one rule counts
// everywhere; life (height, width): of `after`; alive (height, width): before the step; turns (height, width), read if
// they are `turned`: as `turn` takes them, and whether the cell is on; habitat (height, width), read if there `has_habitat`:
// in place of the threshold, and 0 where nothing lives.
KERNEL nca_change(const GLOBAL float4 *before, GLOBAL float4 *after, GLOBAL float *life, GLOBAL unsigned char *alive,
                  const WEIGHTS float4 *weights, const GLOBAL float *shares, const GLOBAL float4 *turns,
                  const GLOBAL unsigned *habitat, SCALAR(int) rules, SCALAR(int) shared, SCALAR(int) turned,
                  SCALAR(int) has_habitat, SCALAR(int) height, SCALAR(int) width, SCALAR(int) wrap, SCALAR(unsigned) key, SCALAR(unsigned) threshold PLACE) {
#if STAGED
  __shared__ float4 of_rule[HIDDEN * ROW];
#endif
  __shared__ unsigned short firing[TILE * TILE];
  __shared__ COUNTER count;
  const int top = blockIdx.y * TILE, left = blockIdx.x * TILE, thread_number = threadIdx.x;

  for (int i = thread_number; i < TILE * TILE; i += THREADS) {
    const int y = top + i / TILE, x = left + i % TILE;
    if (y >= height || x >= width) continue;
    float most = 0;
    for (int dy = -1; dy <= 1; dy++)
      for (int dx = -1; dx <= 1; dx++)
        most = largest(most, LIFE_OF((long)beside(y + dy, height, wrap) * width + beside(x + dx, width, wrap)));
    const long cell = (long)y * width + x;
    alive[cell] = most > ALIVE_ABOVE && (!turned || turns[cell].w > 0) && (!has_habitat || habitat[cell] > 0);
    life[cell] = LIFE_OF(cell);
    for (int q = 0; q < QUADS; q++) after[cell * QUADS + q] = before[cell * QUADS + q];
  }

  for (int rule = 0; rule < rules; rule++) {
    const GLOBAL float *share = shares + (long)rule * height * width;
    __syncthreads();  // all are done with the rule before, and with the mask
#if STAGED
    for (int i = thread_number; i < HIDDEN * ROW; i += THREADS) of_rule[i] = weights[rule * HIDDEN * ROW + i];
#else
    const WEIGHTS float4 *of_rule = weights + rule * HIDDEN * ROW;
#endif
    if (thread_number == 0) RESET(count);
    __syncthreads();
    for (int i = thread_number; i < TILE * TILE; i += THREADS) {
      const int y = top + i / TILE, x = left + i % TILE;
      if (y >= height || x >= width) continue;
      const long cell = (long)y * width + x;
      // chance counts cells without the surroundings
      const long counted = turned ? (long)(y - 1) * (width - 2) + x - 1 : cell;
      const int fires = mix((unsigned)counted ^ key) < (has_habitat ? habitat[cell] : threshold);
      if (fires && alive[cell] && (!shared || share[cell] > 0)) firing[NEXT(count)] = i;
    }
    __syncthreads();
    const int listed = READ(count);
    for (int task = thread_number / LANES * AT_ONCE * LANES; task < listed; task += AT_ONCE * THREADS) {
      const int first = task + thread_number % LANES;
      if (first >= listed) continue;
      float4 percepts[AT_ONCE][PERCEPTS], change[AT_ONCE][QUADS];
      long cells[AT_ONCE];
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) {
        const int i = firing[first + k * LANES < listed ? first + k * LANES : first];
        const int y = top + i / TILE, x = left + i % TILE;
        cells[k] = (long)y * width + x;
        perceive(before, height, width, wrap, y, x, percepts[k]);
        if (turned) turn(turns[cells[k]], percepts[k]);
      }
      find_change(of_rule, percepts, change);
#pragma unroll
      for (int k = 0; k < AT_ONCE; k++) {
        if (first + k * LANES >= listed) break;
        add(after + cells[k] * QUADS, change[k], shared ? share[cells[k]] : 1);
        life[cells[k]] = after[cells[k] * QUADS].w;
      }
    }
  }
}

// Erase what does not live: before and after the step, it or a neighbour has more life than ALIVE_ABOVE.
KERNEL nca_mask(GLOBAL float4 *after, const GLOBAL float *life, const GLOBAL unsigned char *alive, SCALAR(int) height,
                SCALAR(int) width, SCALAR(int) wrap PLACE) {
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
