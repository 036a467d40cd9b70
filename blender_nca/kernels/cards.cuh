// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels for graphics cards share. They are written once, in C with the words of CUDA and the few below; a
// compiler that is told what these mean takes them too: Metal's (metal.h), and, in the tests, a processor's.
//
// CHANNELS is defined before this is compiled, a multiple of four: states are read in fours of channels.

#pragma once

#define QUADS (CHANNELS / 4)
#define THREADS 128

#ifndef EACH_COMPONENT
#define EACH_COMPONENT(DO) DO(x) DO(y) DO(z) DO(w)
#endif
#ifndef KERNEL
#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS)
#endif
#ifndef GLOBAL
#define GLOBAL              // what a pointer points to: the card's memory,
#define PRIVATE             // a thread's own,
#define WEIGHTS             // or weights, which all threads read at the same time
#define SCALAR(type) type   // an argument that is a number
#define PLACE               // the arguments blockIdx and threadIdx, where these are not just there
#define COUNTER int         // a number that the threads of a block count with
#define RESET(counter) ((counter) = 0)
#define NEXT(counter) atomicAdd(&(counter), 1)
#define READ(counter) (counter)
#define STAGED 1   // whether weights are copied to memory that a block shares before they are read
#define AT_ONCE 2  // cells or pixels of a thread: a weight is read once for them, and their numbers fit in registers
#endif

// A place along one side of the grid, or what stands for it beyond the border.
__device__ int beside(int place, int length, int wrap) {
  if (place < 0) return wrap != 0 ? place + length : 0;
  if (place >= length) return wrap != 0 ? place - length : length - 1;
  return place;
}

__device__ float largest(float a, float b) { return a > b ? a : b; }
