// SPDX-License-Identifier: GPL-3.0-or-later
// What CUDA's words mean on a processor.
#include <math.h>
#include <pthread.h>
#include <stdint.h>

typedef struct { float x, y, z, w; } float4;
typedef struct { int x, y; } place;
static _Thread_local place threadIdx, blockIdx;
static pthread_barrier_t barrier;
static void meet(void) { pthread_barrier_wait(&barrier); }

#define __device__ static
#define __shared__ static
#define __syncthreads() meet()
#define atomicAdd(pointer, value) __atomic_fetch_add(pointer, value, __ATOMIC_SEQ_CST)
#define KERNEL static void
#define GIVEN_PLACE
