// v = gamma_c / sqrt(variance_c + epsilon) * (x - mean_c) + beta_c, and what follows it: y = v,
// y = max(v, 0) or y = max(v + z, 0)
//
// batch_normalization_inference      all of it, with the running statistics; y may be x, and z is
//                                    null where nothing is added
// batch_normalization_relu           y = max(y + z, 0) in place, behind cuDNN's training pass; z
//                                    may be null
// batch_normalization_relu_backward  dy = 0 where y is 0, in place: what passes the ReLU, which is
//                                    also the gradient of z
//
// The statistics of a batch, dx, dgamma and dbeta are cuDNN's; its inference is not used, because
// here y may be x, and because what follows costs nothing in the same pass. Not-a-number stays what
// it is: max(NaN, 0) is NaN.
//
// Shapes: x, y, z, dy [n, c, h, w] as n*c planes of h*w pixels, or as size numbers; gamma, beta,
// mean, variance [c].
// Launch: inference ceil(planes / 8) blocks of 256 threads, a warp per plane, which finds its factor
// once. The others a thread for four neighbouring numbers, and one for each of the up to three left
// over; 256 threads a block.
// Bytes per number: inference 8, relu 8, either 4 more with z; relu_backward 12. All are bound by
// memory: no more than 5 operations per number.

#include "planes.cuh"

// max(value, 0).
static __device__ inline float relu(float value) { return value <= 0 ? 0 : value; }

extern "C" __global__ void __launch_bounds__(kPlaneThreads)
    batch_normalization_inference(const float* x, const float* __restrict__ gamma,
                                  const float* __restrict__ beta, const float* __restrict__ mean,
                                  const float* __restrict__ variance, float epsilon,
                                  const float* z, int hasRelu, int planes, int channels, int pixels,
                                  float* y) {
    const int plane = plane_index();
    if (plane >= planes) {
        return;
    }
    const int c = plane % channels;
    const float factor = gamma[c] / sqrtf(variance[c] + epsilon);
    const float average = mean[c];
    const float shift = beta[c];
    each_pixel(plane, pixels, [&](size_t i) {
        float value = factor * (x[i] - average) + shift;
        if (z != nullptr) {
            value += z[i];
        }
        y[i] = hasRelu != 0 ? relu(value) : value;
    });
}

static constexpr int kThreads = 256;

// Calls quad(i) for this thread's four neighbouring numbers, or single(i) for its one.
template <typename Quad, typename Single>
static __device__ inline void each_number(int size, Quad quad, Single single) {
    const int quads = size / 4;
    const int item = static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x);
    if (item < quads) {
        quad(item);
    } else if (item < quads + size % 4) {
        single(3 * quads + item);
    }
}

extern "C" __global__ void __launch_bounds__(kThreads)
    batch_normalization_relu(float* __restrict__ y, const float* __restrict__ z, int size) {
    each_number(
        size,
        [&](int i) {
            float4 value = reinterpret_cast<float4*>(y)[i];
            if (z != nullptr) {
                const float4 addend = reinterpret_cast<const float4*>(z)[i];
                value = make_float4(value.x + addend.x, value.y + addend.y, value.z + addend.z,
                                    value.w + addend.w);
            }
            reinterpret_cast<float4*>(y)[i] =
                make_float4(relu(value.x), relu(value.y), relu(value.z), relu(value.w));
        },
        [&](int i) { y[i] = relu(z != nullptr ? y[i] + z[i] : y[i]); });
}

// What of a gradient passes the ReLU whose result is y.
static __device__ inline float passed(float y, float dy) { return y <= 0 ? 0 : dy; }

extern "C" __global__ void __launch_bounds__(kThreads)
    batch_normalization_relu_backward(const float* __restrict__ y, float* __restrict__ dy,
                                      int size) {
    each_number(
        size,
        [&](int i) {
            const float4 result = reinterpret_cast<const float4*>(y)[i];
            const float4 gradient = reinterpret_cast<float4*>(dy)[i];
            reinterpret_cast<float4*>(dy)[i] =
                make_float4(passed(result.x, gradient.x), passed(result.y, gradient.y),
                            passed(result.z, gradient.z), passed(result.w, gradient.w));
        },
        [&](int i) { dy[i] = passed(y[i], dy[i]); });
}
