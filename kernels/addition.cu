// out = a + b, the residual connection.
//
// Shapes: a, b, out: [size]; out may be a or b.
// Launch: one thread for four neighbouring elements, and one for each of the up to three left
//     over; 256 threads a block. No grid-stride loop: a tensor of 2^31 elements needs 2^21
//     blocks, far from the limit.
// Bytes: 12 · size, each once, in 16-byte accesses: tensors and their slices start at multiples
//     of 16 bytes.
// Operations: size additions; bound by memory.

static constexpr int kThreads = 256;

extern "C" __global__ void __launch_bounds__(kThreads)
    addition_forward(const float* a, const float* b, float* out, int size) {
    int quads = size / 4;
    int item = static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x);
    if (item < quads) {
        float4 left = reinterpret_cast<const float4*>(a)[item];
        float4 right = reinterpret_cast<const float4*>(b)[item];
        reinterpret_cast<float4*>(out)[item] =
            make_float4(left.x + right.x, left.y + right.y, left.z + right.z, left.w + right.w);
    } else if (item < quads + size % 4) {
        int at = 3 * quads + item;
        out[at] = a[at] + b[at];
    }
}
