// SPDX-License-Identifier: GPL-3.0-or-later
// What the words of cards.cuh mean in the GLSL that Blender takes for its own cards: OpenGL's, Vulkan's and Metal's. There are no
// pointers, and no memory but pictures: a state is a picture of fours of channels, a cell's side by side. Whole vectors are
// added at once. What one thread does with them is said by the shaders beside this file.

#define KERNEL
#define GLOBAL
#define EACH_COMPONENT(DO) DO(xyzw)
#define ACROSS int(gl_GlobalInvocationID.x)
#define DOWN int(gl_GlobalInvocationID.y)
#define FOUR(picture, y, x, q) texelFetch(picture, ivec2((x) * QUADS + (q), y), 0)
#define ONE(picture, y, x) texelFetch(picture, ivec2(x, y), 0)
