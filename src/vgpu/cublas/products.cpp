// The matrix products of the virtual libcublas.
#include <algorithm>
#include <vector>

#include "common/matrix.h"
#include "cublas/handle.h"

namespace {

using vgpu::Region;
using vgpu::demand;

constexpr std::size_t kFloat = sizeof(float);

// Columns of `rows` values each, `leading` values apart.
Region columns(const float* data, std::size_t rows, std::size_t count, std::size_t leading) {
    return {reinterpret_cast<std::uint64_t>(data), rows * kFloat, leading * kFloat, count};
}

void demandOperation(int operation, const char* name) {
    demand(operation >= CUBLAS_OP_N && operation <= CUBLAS_OP_C,
           std::string(name) + " is not an operation");
}

void demandData(const float* data, const char* name) {
    demand(data != nullptr, std::string(name) + " is null");
    demand(reinterpret_cast<std::uint64_t>(data) % kFloat == 0,
           std::string(name) + " is not aligned to 4 bytes");
}

}  // namespace

CUBLAS_API cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, int transA, int transB, int m,
                                         int n, int k, const float* alpha, const float* a, int lda,
                                         const float* b, int ldb, const float* beta, float* c,
                                         int ldc) {
    return vgpu::guarded("cublasSgemm", handle, [&](cublasContext& context) {
        demandOperation(transA, "transa");
        demandOperation(transB, "transb");
        demand(m >= 0 && n >= 0 && k >= 0, "a size below 0");
        const bool plainA = transA == CUBLAS_OP_N;
        const bool plainB = transB == CUBLAS_OP_N;
        demand(lda >= std::max(1, plainA ? m : k), "lda is too small");
        demand(ldb >= std::max(1, plainB ? k : n), "ldb is too small");
        demand(ldc >= std::max(1, m), "ldc is too small");
        demand(alpha != nullptr && beta != nullptr, "alpha or beta is null");
        if (m == 0 || n == 0) {
            return;
        }
        demandData(a, "A");
        demandData(b, "B");
        demandData(c, "C");
        const Region result = columns(c, m, n, ldc);
        vgpu::LibraryCall call;
        call.name = "cublasSgemm";
        call.reads = {columns(a, plainA ? m : k, plainA ? k : m, lda),
                      columns(b, plainB ? k : n, plainB ? n : k, ldb),
                      vgpu::addend(result, *beta)};
        call.writes = {result};
        call.floatOperations = std::uint64_t{2} * m * n * k;
        const auto precision = context.math == CUBLAS_TF32_TENSOR_OP_MATH
                                   ? vgpu::Precision::TensorFloat32
                                   : vgpu::Precision::Float32;
        call.run = [=, alpha = *alpha, beta = *beta](const vgpu::Operands& operands) {
            // What is column-major here is, transposed, row-major there: Cᵀ = op(B)ᵀ · op(A)ᵀ.
            const std::size_t columnsOfB = n, rowsOfA = m, inner = k, stride = ldc;
            std::vector<double> product(columnsOfB * rowsOfA);
            const std::size_t slice = 16, slices = (columnsOfB + slice - 1) / slice;
            vgpu::parallel(slices, [&](std::size_t s) {
                const std::size_t from = s * slice;
                const std::size_t count = std::min(slice, columnsOfB - from);
                const std::size_t rowB = plainB ? ldb : 1, columnB = plainB ? 1 : ldb;
                vgpu::multiply(count, rowsOfA, inner,
                               {operands.reads[1] + from * rowB, rowB, columnB},
                               {operands.reads[0], plainA ? std::size_t(lda) : 1,
                                plainA ? 1 : std::size_t(lda)},
                               product.data() + from * rowsOfA, precision);
            });
            for (std::size_t j = 0; j < columnsOfB; j++) {
                for (std::size_t i = 0; i < rowsOfA; i++) {
                    float& value = operands.writes[0][j * stride + i];
                    const double sum = alpha * product[j * rowsOfA + i];
                    value = static_cast<float>(beta != 0 ? sum + double(beta) * value : sum);
                }
            }
        };
        queue(context, std::move(call));
    });
}

CUBLAS_API cublasStatus_t cublasSgemv_v2(cublasHandle_t handle, int trans, int m, int n,
                                         const float* alpha, const float* a, int lda,
                                         const float* x, int incx, const float* beta, float* y,
                                         int incy) {
    return vgpu::guarded("cublasSgemv", handle, [&](cublasContext& context) {
        demandOperation(trans, "trans");
        demand(m >= 0 && n >= 0, "a size below 0");
        demand(lda >= std::max(1, m), "lda is too small");
        demand(incx != 0 && incy != 0, "incx or incy is 0");
        demand(incx > 0 && incy > 0, "negative increments are not there",
               CUBLAS_STATUS_NOT_SUPPORTED);
        demand(alpha != nullptr && beta != nullptr, "alpha or beta is null");
        if (m == 0 || n == 0) {
            return;
        }
        demandData(a, "A");
        demandData(x, "x");
        demandData(y, "y");
        const bool plain = trans == CUBLAS_OP_N;
        const std::size_t results = plain ? m : n, terms = plain ? n : m;
        const Region result = columns(y, 1, results, incy);
        vgpu::LibraryCall call;
        call.name = "cublasSgemv";
        call.reads = {columns(a, m, n, lda), columns(x, 1, terms, incx),
                      vgpu::addend(result, *beta)};
        call.writes = {result};
        call.floatOperations = std::uint64_t{2} * m * n;
        call.run = [=, alpha = *alpha, beta = *beta](const vgpu::Operands& operands) {
            std::vector<double> product(results);
            const std::size_t row = plain ? 1 : lda, column = plain ? lda : 1;
            vgpu::multiply(results, 1, terms, {operands.reads[0], row, column},
                           {operands.reads[1], std::size_t(incx), 1}, product.data(),
                           vgpu::Precision::Float32);
            for (std::size_t i = 0; i < results; i++) {
                float& value = operands.writes[0][i * incy];
                const double sum = alpha * product[i];
                value = static_cast<float>(beta != 0 ? sum + double(beta) * value : sum);
            }
        };
        queue(context, std::move(call));
    });
}
