// y = gamma_c / sqrt(variance_c + epsilon) * (x - mean_c) + beta_c, and a ReLU where relu is not 0
//
// Inference, with the running statistics. Training is cuDNN's; this is not, because here y may be x,
// and because the ReLU costs nothing in the same pass.
//
// Shapes: x, y [n, c, h, w] as n*c planes of h*w pixels; gamma, beta, mean, variance [c].
// Launch: ceil(planes / 8) blocks of 256 threads, a warp per plane, which finds its factor once.
// Reads and writes 4 bytes per pixel, 3 operations each. Not-a-number stays what it is.

#include "planes.cuh"

extern "C" __global__ void __launch_bounds__(kPlaneThreads)
    batch_normalization_inference(const float* x, const float* __restrict__ gamma,
                                  const float* __restrict__ beta, const float* __restrict__ mean,
                                  const float* __restrict__ variance, float epsilon, int relu,
                                  int planes, int channels, int pixels, float* y) {
    const int plane = plane_index();
    if (plane >= planes) {
        return;
    }
    const int c = plane % channels;
    const float factor = gamma[c] / sqrtf(variance[c] + epsilon);
    const float average = mean[c];
    const float shift = beta[c];
    each_pixel(plane, pixels, [&](size_t i) {
        const float value = factor * (x[i] - average) + shift;
        y[i] = relu != 0 && value < 0 ? 0 : value;
    });
}
