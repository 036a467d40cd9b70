// SPDX-License-Identifier: GPL-3.0-or-later
// What the words of cards.cuh and of CUDA mean in Metal's language.

#include <metal_stdlib>
using namespace metal;

#define __device__ inline
#define __shared__ threadgroup
#define __syncthreads() threadgroup_barrier(mem_flags::mem_device | mem_flags::mem_threadgroup)
#define powf pow

#define KERNEL kernel void
#define GLOBAL device
#define PRIVATE thread
#define WEIGHTS constant
#define SCALAR(type) constant type &
#define PLACE \
  , uint2 blockIdx [[threadgroup_position_in_grid]], uint2 threadIdx [[thread_position_in_threadgroup]]
#define COUNTER atomic_int
#define RESET(counter) atomic_store_explicit(&(counter), 0, memory_order_relaxed)
#define NEXT(counter) atomic_fetch_add_explicit(&(counter), 1, memory_order_relaxed)
#define READ(counter) atomic_load_explicit(&(counter), memory_order_relaxed)
#define STAGED 0   // a block shares 32 KB at most, less than a rule; what all read at once comes from a cache of its own
#define AT_ONCE 1  // there are half as many registers
