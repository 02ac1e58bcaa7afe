// Momentum SGD in PyTorch's form over one flat block of parameters, class centers that learn by
// the rule `sgd` among them:
//
//     g = gradients + weightDecay · weights
//     velocity = momentum · velocity + g
//     weights = weights − learningRate · (nesterov ? g + momentum · velocity : velocity)
//
// Shapes: weights, gradients, velocity: [size]; learningRate: [1], in device memory so that a
//     recorded graph follows the schedule. They do not overlap.
// Launch: all parameters in one launch: one thread for four neighbouring elements, and one for
//     each of the up to three left over; 256 threads a block.
// Bytes: 20 · size, each once, in 16-byte accesses: blocks and their slices start at multiples
//     of 16 bytes.
// Operations: 6 · size, with Nesterov's momentum 8 · size; bound by memory.

static constexpr int kThreads = 256;

struct Step {
    float learningRate;
    float momentum;
    float weightDecay;
    bool nesterov;

    __device__ void apply(float& weight, float gradient, float& velocity) const {
        float g = gradient + weightDecay * weight;
        velocity = momentum * velocity + g;
        weight -= learningRate * (nesterov ? g + momentum * velocity : velocity);
    }
};

extern "C" __global__ void __launch_bounds__(kThreads)
    sgd_step(float* __restrict__ weights, const float* __restrict__ gradients,
             float* __restrict__ velocity, const float* __restrict__ learningRate, float momentum,
             float weightDecay, int nesterov, int size) {
    int quads = size / 4;
    int item = static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x);
    if (item >= quads + size % 4) {
        return;
    }
    Step step{learningRate[0], momentum, weightDecay, nesterov != 0};
    if (item < quads) {
        float4 w = reinterpret_cast<float4*>(weights)[item];
        float4 g = reinterpret_cast<const float4*>(gradients)[item];
        float4 v = reinterpret_cast<float4*>(velocity)[item];
        step.apply(w.x, g.x, v.x);
        step.apply(w.y, g.y, v.y);
        step.apply(w.z, g.z, v.z);
        step.apply(w.w, g.w, v.w);
        reinterpret_cast<float4*>(velocity)[item] = v;
        reinterpret_cast<float4*>(weights)[item] = w;
    } else {
        int at = 3 * quads + item;
        step.apply(weights[at], gradients[at], velocity[at]);
    }
}
