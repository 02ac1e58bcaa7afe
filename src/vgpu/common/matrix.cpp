// Blocked matrix product: tiles of 4 × 16 in registers, operands packed and widened to double.
#include "common/matrix.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

// The product of two float32 is exact in double, so contraction changes no bit and saves half.
#pragma GCC optimize("fp-contract=fast")

namespace vgpu {

namespace {

constexpr std::size_t kRows = 4;
constexpr std::size_t kColumns = 16;
constexpr std::size_t kDepth = 256;

typedef double Lanes __attribute__((vector_size(64)));
constexpr std::size_t kLanes = 8;

// To 10 bits of fraction, halves away from zero, as tensor cores are fed.
float toTensorFloat(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7F800000u) != 0x7F800000u) {
        bits = (bits + 0x1000u) & ~0x1FFFu;
    }
    std::memcpy(&value, &bits, sizeof bits);
    return value;
}

// packed[p][i] = element (i, p) of a panel of `width` rows, zeros behind `rows`.
void pack(const float* data, std::size_t row, std::size_t column, std::size_t rows,
          std::size_t depth, std::size_t width, Precision precision, double* packed) {
    for (std::size_t p = 0; p < depth; p++) {
        for (std::size_t i = 0; i < width; i++) {
            float value = i < rows ? data[i * row + p * column] : 0;
            packed[p * width + i] =
                precision == Precision::Float32 ? value : toTensorFloat(value);
        }
    }
}

void tile(std::size_t depth, const double* a, const double* b, double* c, std::size_t stride,
          std::size_t rows, std::size_t columns) {
    Lanes sums[kRows][2] = {};
    for (std::size_t p = 0; p < depth; p++) {
        Lanes left, right;
        std::memcpy(&left, b + p * kColumns, sizeof left);
        std::memcpy(&right, b + p * kColumns + kLanes, sizeof right);
        for (std::size_t i = 0; i < kRows; i++) {
            const double factor = a[p * kRows + i];
            sums[i][0] += factor * left;
            sums[i][1] += factor * right;
        }
    }
    for (std::size_t i = 0; i < rows; i++) {
        for (std::size_t j = 0; j < columns; j++) {
            c[i * stride + j] += sums[i][j / kLanes][j % kLanes];
        }
    }
}

}  // namespace

void multiply(std::size_t m, std::size_t n, std::size_t k, View a, View b, double* c,
              Precision precision) {
    const std::size_t panels = (m + kRows - 1) / kRows;
    std::vector<double> left(panels * kRows * std::min(k, kDepth));
    std::vector<double> right(kColumns * std::min(k, kDepth));
    for (std::size_t from = 0; from < k; from += kDepth) {
        const std::size_t depth = std::min(kDepth, k - from);
        for (std::size_t panel = 0; panel < panels; panel++) {
            const std::size_t i = panel * kRows;
            pack(a.data + i * a.row + from * a.column, a.row, a.column, std::min(kRows, m - i),
                 depth, kRows, precision, left.data() + i * depth);
        }
        for (std::size_t j = 0; j < n; j += kColumns) {
            const std::size_t columns = std::min(kColumns, n - j);
            pack(b.data + from * b.row + j * b.column, b.column, b.row, columns, depth, kColumns,
                 precision, right.data());
            for (std::size_t panel = 0; panel < panels; panel++) {
                const std::size_t i = panel * kRows;
                tile(depth, left.data() + i * depth, right.data(), c + i * n + j, n,
                     std::min(kRows, m - i), columns);
            }
        }
    }
}

void parallel(std::size_t count, const std::function<void(std::size_t)>& body) {
    const std::size_t threads =
        std::min<std::size_t>(count, std::max(1u, std::thread::hardware_concurrency()));
    if (threads <= 1) {
        for (std::size_t i = 0; i < count; i++) {
            body(i);
        }
        return;
    }
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i; (i = next.fetch_add(1)) < count;) {
            body(i);
        }
    };
    std::vector<std::thread> helpers;
    for (std::size_t i = 1; i < threads; i++) {
        helpers.emplace_back(work);
    }
    work();
    for (std::thread& helper : helpers) {
        helper.join();
    }
}

}  // namespace vgpu
