// y_nc = (1/p) * sum over the p pixels of x_nc;  dx_ncp = dy_nc / p
//
// Shapes: x, dx [n, c, h, w] as n*c planes of p = h*w pixels; y, dy [n, c].
//
// global_average_pooling_forward     a warp per plane: each lane adds every 32nd pixel, and the
//                                    lanes' sums are added in a fixed order
// global_average_pooling_backward    a warp per plane
//
// Launch: ceil(planes / 8) blocks of 256 threads. Forward reads 4*planes*p bytes and writes
// 4*planes, backward the other way round; an addition or a product per pixel. (cuDNN's pooling
// takes a thread per result, which is slow where the window is the whole plane, and its way back
// wants x and y, which are not needed.)

#include "planes.cuh"

extern "C" __global__ void __launch_bounds__(kPlaneThreads)
    global_average_pooling_forward(const float* __restrict__ x, int planes, int pixels,
                                   float* __restrict__ y) {
    const int plane = plane_index();
    if (plane >= planes) {
        return;
    }
    float sum = 0;
    each_pixel(plane, pixels, [&](size_t i) { sum += x[i]; });
    sum = warp_sum(sum);
    if (threadIdx.x % kWarpSize == 0) {
        y[plane] = sum / pixels;
    }
}

extern "C" __global__ void __launch_bounds__(kPlaneThreads)
    global_average_pooling_backward(const float* __restrict__ dy, int planes, int pixels,
                                    float* __restrict__ dx) {
    const int plane = plane_index();
    if (plane >= planes) {
        return;
    }
    const float share = dy[plane] / pixels;
    each_pixel(plane, pixels, [&](size_t i) { dx[i] = share; });
}
