// SPDX-License-Identifier: GPL-3.0-or-later
// What a step says, apart from how a card is shared out and reads its memory: for CUDA's and Metal's kernels and for the
// shaders of Blender. What `automaton.chance` and `automaton.perception` say.

#pragma once

#define ALIVE_ABOVE 0.1f
#define PERCEPTS (4 * QUADS)        // in fours: state, Sobel x, Sobel y, Laplacian
#define ROW (PERCEPTS + 1 + QUADS)  // a hidden unit: its weights, its bias, its share in the change
#define TIE_TAPS 4

__device__ unsigned mix(unsigned bits) {
  bits ^= bits >> 16;
  bits *= 0x7FEB352Du;
  bits ^= bits >> 15;
  bits *= 0x846CA68Bu;
  return bits ^ (bits >> 16);
}

// The percepts of the cell `centre` with those around it, of channels c of the q-th four.
#define PERCEIVE(c)                                                                                                 \
  percepts[q].c = centre.c;                                                                                         \
  percepts[QUADS + q].c = (ne.c + se.c - nw.c - sw.c + 2 * (east.c - west.c)) * 0.125f;                             \
  percepts[2 * QUADS + q].c = (sw.c + se.c - nw.c - ne.c + 2 * (s.c - n.c)) * 0.125f;                               \
  percepts[3 * QUADS + q].c =                                                                                       \
      (nw.c + ne.c + sw.c + se.c + 2 * (n.c + west.c + east.c + s.c)) * 0.0625f - 0.75f * centre.c;

// Their gradients x and y in other directions, by the cosine and sine of a turn, and -1 where the island is mirrored, else 1.
#define TURN(c)                                    \
  percepts[QUADS + q].c = by.x * x.c + by.y * y.c; \
  percepts[2 * QUADS + q].c = by.z * (by.x * y.c - by.y * x.c);
