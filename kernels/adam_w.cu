// AdamW in PyTorch's form over one flat block of parameters:
//
//     expAvg = beta1 · expAvg + share1 · gradients,       share1 = 1 − beta1
//     expAvgSq = beta2 · expAvgSq + share2 · gradients²,  share2 = 1 − beta2
//     weights = keptWeight · weights
//               − stepSize · expAvg / (sqrt(expAvgSq) · rootScale + epsilon)
//
// Shapes: weights, gradients, expAvg, expAvgSq: [size]; coefficients: [3] = keptWeight, stepSize,
//     rootScale, in device memory so that a recorded graph follows the schedule. In step t they are
//     1 − learningRate · weightDecay, learningRate / (1 − beta1^t) and 1 / sqrt(1 − beta2^t). They
//     do not overlap. Shares are given, since 1 − beta in float32 would lose half of its digits.
// Launch: all parameters in one launch: one thread for four neighbouring elements, and one for
//     each of the up to three left over; 256 threads a block.
// Bytes: 28 · size, each once, in 16-byte accesses: blocks and their slices start at multiples
//     of 16 bytes.
// Operations: 12 · size, a root and a division among them; bound by memory.

static constexpr int kThreads = 256;

struct Step {
    float keptWeight;
    float stepSize;
    float rootScale;
    float beta1;
    float share1;
    float beta2;
    float share2;
    float epsilon;

    __device__ void apply(float& weight, float gradient, float& expAvg, float& expAvgSq) const {
        expAvg = beta1 * expAvg + share1 * gradient;
        expAvgSq = beta2 * expAvgSq + share2 * (gradient * gradient);
        float deviation = sqrtf(expAvgSq) * rootScale + epsilon;
        weight = keptWeight * weight - stepSize * expAvg / deviation;
    }
};

extern "C" __global__ void __launch_bounds__(kThreads)
    adam_w_step(float* __restrict__ weights, const float* __restrict__ gradients,
                float* __restrict__ expAvg, float* __restrict__ expAvgSq,
                const float* __restrict__ coefficients, float beta1, float share1, float beta2,
                float share2, float epsilon, int size) {
    int quads = size / 4;
    int item = static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x);
    if (item >= quads + size % 4) {
        return;
    }
    Step step{coefficients[0], coefficients[1], coefficients[2], beta1, share1, beta2, share2,
              epsilon};
    if (item < quads) {
        float4 w = reinterpret_cast<float4*>(weights)[item];
        float4 g = reinterpret_cast<const float4*>(gradients)[item];
        float4 m = reinterpret_cast<float4*>(expAvg)[item];
        float4 v = reinterpret_cast<float4*>(expAvgSq)[item];
        step.apply(w.x, g.x, m.x, v.x);
        step.apply(w.y, g.y, m.y, v.y);
        step.apply(w.z, g.z, m.z, v.z);
        step.apply(w.w, g.w, m.w, v.w);
        reinterpret_cast<float4*>(expAvg)[item] = m;
        reinterpret_cast<float4*>(expAvgSq)[item] = v;
        reinterpret_cast<float4*>(weights)[item] = w;
    } else {
        int at = 3 * quads + item;
        step.apply(weights[at], gradients[at], expAvg[at], expAvgSq[at]);
    }
}
