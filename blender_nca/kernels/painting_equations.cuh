// SPDX-License-Identifier: GPL-3.0-or-later
// What painting says, apart from how a card is shared out and reads its memory: for CUDA's and Metal's kernels and for the
// shaders of Blender. What `manifold.renderer` says.

#pragma once

#define SUPPORT 2
#define TAPS (2 * SUPPORT + 1)
#define LEAK 0.1f
#define OPAQUE_FROM 0.5f
#define MAPS 8
#ifndef GRAIN
#define GRAIN 0  // channels of grain that painters read behind the state, see `manifold.grain`
#endif
#define GRAINS (GRAIN / 4)  // in fours, as what follows
#define INPUTS (QUADS + GRAINS)
#define FEATURES (PAINTING / 4)
#define FIRST_ROW (INPUTS + 1)    // a unit of the first layer: its weights, its bias
#define SECOND_ROW (FEATURES + 3) // of the second one: its weights, its bias, its share in the maps
#define SECOND (PAINTING * FIRST_ROW)
#define LAST (SECOND + PAINTING * SECOND_ROW)  // bias of the maps
#define SIZE (LAST + MAPS / 4)

__device__ float leak(float feature) { return feature > 0 ? feature : LEAK * feature; }
__device__ float clip(float value) { return value < 0 ? 0.0f : value > 1 ? 1.0f : value; }
__device__ float decode(float value) { return value <= 0.04045f ? value / 12.92f : powf((value + 0.055f) / 1.055f, 2.4f); }

// How much a cell counts in a pixel so far from its centre along one axis.
__device__ float weigh(float away) {
  const float d = away < 0 ? -away : away;
  return d < 1 ? 1.5f * d * d * d - 2.5f * d * d + 1 : d < 2 ? -0.5f * (d * d * d - 5 * d * d + 8 * d - 4) : 0;
}

#define DOT(weight, features) \
  ((weight).x * (features).x + (weight).y * (features).y + ((weight).z * (features).z + (weight).w * (features).w))

// The maps of a pixel: of what its painters made together, the state around it, and how much they counted.
#define FINISH(own, others, around, counted)                                                                    \
  const float red = clip((own).x + (counted) * (around).x), green = clip((own).y + (counted) * (around).y),     \
              blue = clip((own).z + (counted) * (around).z),                                                    \
              alpha = clip(((own).w + (counted) * (around).w) * clip((around).w / OPAQUE_FROM)),                \
              relief = clip((others).x), roughness = clip((others).y), metallic = clip((others).z),             \
              emission = clip((others).w);
