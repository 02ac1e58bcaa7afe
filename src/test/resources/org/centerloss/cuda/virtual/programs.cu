// Small CUDA programs with known answers: what nvcc makes of ordinary code must run on the virtual
// GPU as it does on hardware.

struct Line {
    float slope;
    double offset;
    int repeat;
};

extern "C" __global__ void reduce(const int* values, int count, long long* total) {
    __shared__ int partial[32];
    int sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        sum += values[i];
    }
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_down_sync(0xffffffff, sum, distance);
    }
    if (threadIdx.x % 32 == 0) {
        partial[threadIdx.x / 32] = sum;
    }
    __syncthreads();
    if (threadIdx.x < 32) {
        sum = threadIdx.x < blockDim.x / 32 ? partial[threadIdx.x] : 0;
        for (int distance = 16; distance > 0; distance /= 2) {
            sum += __shfl_xor_sync(0xffffffff, sum, distance);
        }
        if (threadIdx.x == 0) {
            atomicAdd(reinterpret_cast<unsigned long long*>(total),
                      static_cast<unsigned long long>(static_cast<long long>(sum)));
        }
    }
}

extern "C" __global__ void functions(const float* x, float* y, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    const float positive = fabsf(x[i]);
    y[i] = expf(x[i]);
    y[count + i] = logf(positive);
    y[2 * count + i] = log1pf(positive);
    y[3 * count + i] = sinf(x[i]);
    y[4 * count + i] = cosf(x[i]);
    y[5 * count + i] = tanhf(x[i]);
    y[6 * count + i] = sqrtf(positive);
    y[7 * count + i] = 1.0f / x[i];
    y[8 * count + i] = expm1f(x[i]);
    y[9 * count + i] = rsqrtf(positive);
}

extern "C" __global__ void double_functions(const double* x, double* y, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    sincospi(x[i], &y[i], &y[count + i]);
    y[2 * count + i] = exp(x[i]);
    y[3 * count + i] = log(fabs(x[i]));
    y[4 * count + i] = sin(x[i]);
    y[5 * count + i] = 3.0 / x[i];
    y[6 * count + i] = sqrt(fabs(x[i]));
}

extern "C" __global__ void transpose(const float* in, float* out, int rows, int columns) {
    __shared__ float tile[16][17];
    int column = blockIdx.x * 16 + threadIdx.x;
    int row = blockIdx.y * 16 + threadIdx.y;
    if (row < rows && column < columns) {
        tile[threadIdx.y][threadIdx.x] = in[row * columns + column];
    }
    __syncthreads();
    column = blockIdx.y * 16 + threadIdx.x;
    row = blockIdx.x * 16 + threadIdx.y;
    if (row < columns && column < rows) {
        out[row * rows + column] = tile[threadIdx.x][threadIdx.y];
    }
}

__device__ __noinline__ double along(Line line, const double* history, int steps) {
    double sum = line.offset;
    for (int i = 0; i < steps; i++) {
        sum += line.slope * history[i];
    }
    return sum;
}

// A structure by value, a called function, an array that has to live in local memory, a table of
// jumps and 64-bit division.
extern "C" __global__ void mixture(Line line, long long divisor, long long* out) {
    const int i = threadIdx.x;
    double history[8];
    for (int k = 0; k < 8; k++) {
        history[(k * 3 + i) % 8] = k + i;
    }
    long long result = static_cast<long long>(along(line, history, i % 8 + 1));
    switch (i % 6) {
        case 0: result = result * 7 / divisor; break;
        case 1: result = result % divisor - 5; break;
        case 2: result ^= divisor; break;
        case 3: result = -result; break;
        case 4: result <<= i % 13; break;
        default: result += line.repeat;
    }
    out[i] = result;
}

extern "C" __global__ void histogram(const unsigned char* bytes, int count, unsigned* bins) {
    __shared__ unsigned own[256];
    for (int i = threadIdx.x; i < 256; i += blockDim.x) {
        own[i] = 0;
    }
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        atomicAdd(&own[bytes[i]], 1u);
    }
    __syncthreads();
    for (int i = threadIdx.x; i < 256; i += blockDim.x) {
        if (own[i] != 0) {
            atomicAdd(&bins[i], own[i]);
        }
    }
}

extern "C" __global__ void add_vectors(const float4* a, const float4* b, float4* sum, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        sum[i] = make_float4(a[i].x + b[i].x, a[i].y + b[i].y, a[i].z + b[i].z, a[i].w + b[i].w);
    }
}

// The neighbour's value is read without __syncthreads() between.
extern "C" __global__ void missing_barrier(float* values) {
    __shared__ float tile[128];
    tile[threadIdx.x] = values[threadIdx.x];
    values[threadIdx.x] = tile[(threadIdx.x + 1) % 128];
}

extern "C" __global__ void missing_guard(float* values, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= count) {
        values[i] = 1.0f;
    }
}
