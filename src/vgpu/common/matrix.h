// Matrix products with double accumulation, for the virtual libcublas and libcudnn.
#pragma once

#include <cstddef>
#include <functional>

namespace vgpu {

// A matrix of float32 in memory: element (i, j) lies at data[i * row + j * column].
struct View {
    const float* data;
    std::size_t row;
    std::size_t column;
};

enum class Precision { Float32, TensorFloat32 };

// c += a·b with a [m, k], b [k, n] and c [m, n] row-major. Products of two float32 are exact in
// double, so the rounding of the result is the only one; or that of the operands to TF32.
void multiply(std::size_t m, std::size_t n, std::size_t k, View a, View b, double* c,
              Precision precision);

// Runs body(0) … body(count − 1) on all processors.
void parallel(std::size_t count, const std::function<void(std::size_t)>& body);

}  // namespace vgpu
