// SPDX-License-Identifier: GPL-3.0-or-later
// Launches the kernels for graphics cards by the threads of a processor: a block is so many threads, blocks come one after
// another. KERNELS is the file that has them, in CUDA's words or in Metal's.
#include KERNELS

typedef struct { int number, which, across, down; void **arguments; } worker;

#define ARRAY(words, i) (*(words *)w.arguments[i])
#define NUMBER(type, i) (*(WEIGHTS type *)(uintptr_t)w.arguments[i])

static void *work(void *given) {
  const worker w = *(worker *)given;
  threadIdx.x = w.number;
  for (blockIdx.y = 0; blockIdx.y < w.down; blockIdx.y++)
    for (blockIdx.x = 0; blockIdx.x < w.across; blockIdx.x++) {
      meet();
#ifdef HIDDEN
      if (w.which == 0)
        nca_change(ARRAY(GLOBAL float4 *, 0), ARRAY(GLOBAL float4 *, 1), ARRAY(GLOBAL float *, 2),
                   ARRAY(GLOBAL unsigned char *, 3), ARRAY(WEIGHTS float4 *, 4), ARRAY(GLOBAL float *, 5),
                   ARRAY(GLOBAL float4 *, 6), ARRAY(GLOBAL unsigned *, 7), NUMBER(int, 8), NUMBER(int, 9),
                   NUMBER(int, 10), NUMBER(int, 11), NUMBER(int, 12), NUMBER(int, 13), NUMBER(int, 14),
                   NUMBER(unsigned, 15), NUMBER(unsigned, 16) GIVEN_PLACE);
      else if (w.which == 1)
        nca_mask(ARRAY(GLOBAL float4 *, 0), ARRAY(GLOBAL float *, 1), ARRAY(GLOBAL unsigned char *, 2), NUMBER(int, 3),
                 NUMBER(int, 4), NUMBER(int, 5) GIVEN_PLACE);
      else
        nca_tie(ARRAY(GLOBAL float *, 0), ARRAY(GLOBAL int *, 1), ARRAY(GLOBAL int *, 2), ARRAY(GLOBAL float *, 3),
                NUMBER(int, 4), NUMBER(int, 5) GIVEN_PLACE);
#else
      nca_paint(ARRAY(GLOBAL float4 *, 0), ARRAY(WEIGHTS float4 *, 1), ARRAY(GLOBAL float *, 2),
                ARRAY(GLOBAL float *, 3), ARRAY(GLOBAL float4 *, 4), ARRAY(GLOBAL float *, 5), NUMBER(int, 6),
                NUMBER(int, 7), NUMBER(int, 8), NUMBER(int, 9), NUMBER(int, 10), NUMBER(int, 11), NUMBER(int, 12),
                NUMBER(int, 13), NUMBER(int, 14), NUMBER(int, 15) GIVEN_PLACE);
#endif
    }
  return 0;
}

#ifdef __cplusplus
extern "C"
#endif
void launch(int which, int across, int down, void **arguments) {
  pthread_t threads[THREADS];
  worker workers[THREADS];
  pthread_barrier_init(&barrier, 0, THREADS);
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (worker){i, which, across, down, arguments};
    pthread_create(threads + i, 0, work, workers + i);
  }
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], 0);
  pthread_barrier_destroy(&barrier);
}
