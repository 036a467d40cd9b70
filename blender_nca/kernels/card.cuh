// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels for graphics cards share. Nothing in them goes beyond C but the words of CUDA, so that a C compiler,
// told what these mean, compiles them too: that is how they are tested where there is no such card.
//
// CHANNELS is defined before this is compiled, a multiple of four: states are read in fours of channels.

#pragma once

#define QUADS (CHANNELS / 4)
#define THREADS 128
#ifndef KERNEL
#define KERNEL extern "C" __global__ void __launch_bounds__(THREADS)
#endif
#define EACH_COMPONENT(DO) DO(x) DO(y) DO(z) DO(w)

// A place along one side of the grid, or what stands for it beyond the border.
__device__ int beside(int place, int length, int wrap) {
  if (place < 0) return wrap ? place + length : 0;
  if (place >= length) return wrap ? place - length : length - 1;
  return place;
}

__device__ float largest(float a, float b) { return a > b ? a : b; }
