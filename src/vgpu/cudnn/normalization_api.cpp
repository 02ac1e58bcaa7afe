// Entry points of the virtual libcudnn for batch normalisation, per channel over images and
// pixels.
#include <cmath>

#include "common/matrix.h"
#include "cudnn/convolution.h"
#include "cudnn/handle.h"

namespace {

using vgpu::Blend;
using vgpu::LibraryCall;
using vgpu::Operands;
using vgpu::checked;
using vgpu::demand;
using vgpu::get;
using vgpu::region;
using vgpu::scalar;

// What every call has to keep: one statistic per channel.
cudnnTensorStruct shapeOf(int mode, cudnnTensorDescriptor_t xDesc,
                          cudnnTensorDescriptor_t resultDesc, cudnnTensorDescriptor_t channelDesc,
                          double epsilon) {
    demand(mode == CUDNN_BATCHNORM_SPATIAL, "only CUDNN_BATCHNORM_SPATIAL is there",
           CUDNN_STATUS_NOT_SUPPORTED);
    const cudnnTensorStruct& shape = vgpu::tensor(xDesc, "xDesc");
    demand(shape.sameShape(vgpu::tensor(resultDesc, "the result's descriptor")),
           "x and the result differ in shape");
    const cudnnTensorStruct& channels = vgpu::tensor(channelDesc, "the channels' descriptor");
    demand(channels.n == 1 && channels.h == 1 && channels.w == 1 && channels.c == shape.c,
           "the channels' descriptor is not [1, " + std::to_string(shape.c) + ", 1, 1]");
    demand(epsilon >= 0, "epsilon is below CUDNN_BN_MIN_EPSILON");
    return shape;
}

// Calls visit(index) for every value of a channel.
template <typename Visit>
void eachValue(const cudnnTensorStruct& shape, std::size_t c, Visit visit) {
    const std::size_t pixels = std::size_t(shape.h) * shape.w;
    for (int n = 0; n < shape.n; n++) {
        const std::size_t first = (std::size_t(n) * shape.c + c) * pixels;
        for (std::size_t i = first; i < first + pixels; i++) {
            visit(i);
        }
    }
}

}  // namespace

CUDNN_API cudnnStatus_t cudnnBatchNormalizationForwardTraining(
    cudnnHandle_t handle, int mode, const void* alpha, const void* beta,
    cudnnTensorDescriptor_t xDesc, const void* x, cudnnTensorDescriptor_t yDesc, void* y,
    cudnnTensorDescriptor_t channelDesc, const void* bnScale, const void* bnBias, double factor,
    void* runningMean, void* runningVariance, double epsilon, void* savedMean,
    void* savedInverseDeviation) {
    return checked("cudnnBatchNormalizationForwardTraining", [&] {
        const cudnnTensorStruct shape =
            shapeOf(mode, xDesc, yDesc, channelDesc, epsilon);
        const Blend blend{scalar(alpha, "alpha"), scalar(beta, "beta")};
        const bool running = runningMean != nullptr;
        demand(running == (runningVariance != nullptr),
               "of the running mean and variance one is null");
        demand((savedMean != nullptr) == (savedInverseDeviation != nullptr),
               "of the saved mean and inverse deviation one is null");
        // NVIDIA allows a factor of 1 in the first call, when the statistics need not be there.
        const bool readsRunning = running && factor != 1;
        const auto perChannel = [&](const void* data, const char* name, bool used = true) {
            return used ? region(data, shape.c, name) : vgpu::Region{};
        };
        const auto moved = [&](const void* data, const char* name) {
            return vgpu::inPlace(perChannel(data, name, readsRunning));
        };
        LibraryCall call;
        call.name = "cudnnBatchNormalizationForwardTraining";
        call.reads = {region(x, shape.size(), "x"), perChannel(bnScale, "bnScale"),
                      perChannel(bnBias, "bnBias"),
                      moved(runningMean, "resultRunningMean"),
                      moved(runningVariance, "resultRunningVariance"),
                      vgpu::addend(region(y, shape.size(), "y"), blend.beta)};
        call.writes = {region(y, shape.size(), "y"),
                       perChannel(runningMean, "resultRunningMean", running),
                       perChannel(runningVariance, "resultRunningVariance", running),
                       perChannel(savedMean, "resultSaveMean", savedMean != nullptr),
                       perChannel(savedInverseDeviation, "resultSaveInvVariance",
                                  savedMean != nullptr)};
        call.floatOperations = 8 * shape.size();
        call.run = [=](const Operands& operands) {
            const float* in = operands.reads[0];
            float* const* out = operands.writes.data();
            const double count = double(shape.n) * shape.h * shape.w;
            const auto move = [&](float* value, double towards) {
                *value = static_cast<float>((factor == 1 ? 0 : (1 - factor) * *value) +
                                            factor * towards);
            };
            vgpu::parallel(shape.c, [&](std::size_t c) {
                double sum = 0, squares = 0;
                eachValue(shape, c, [&](std::size_t i) { sum += in[i]; });
                const double mean = sum / count;
                eachValue(shape, c, [&](std::size_t i) {
                    squares += (in[i] - mean) * (in[i] - mean);
                });
                const double inverse = 1 / std::sqrt(squares / count + epsilon);
                const double scale = operands.reads[1][c] * inverse;
                const double bias = operands.reads[2][c];
                eachValue(shape, c, [&](std::size_t i) {
                    blend.store(scale * (in[i] - mean) + bias, out[0][i]);
                });
                if (running) {
                    move(out[1] + c, mean);
                    // The unbiased variance. Of a single value that is 0 / 0.
                    move(out[2] + c, squares / (count - 1));
                }
                if (out[3] != nullptr) {
                    out[3][c] = static_cast<float>(mean);
                    out[4][c] = static_cast<float>(inverse);
                }
            });
        };
        vgpu::queue(get(handle, "handle"), std::move(call));
    });
}

CUDNN_API cudnnStatus_t cudnnBatchNormalizationBackward(
    cudnnHandle_t handle, int mode, const void* alphaData, const void* betaData,
    const void* alphaParam, const void* betaParam, cudnnTensorDescriptor_t xDesc, const void* x,
    cudnnTensorDescriptor_t dyDesc, const void* dy, cudnnTensorDescriptor_t dxDesc, void* dx,
    cudnnTensorDescriptor_t channelDesc, const void* bnScale, void* dBnScale, void* dBnBias,
    double epsilon, const void* savedMean, const void* savedInverseDeviation) {
    return checked("cudnnBatchNormalizationBackward", [&] {
        const cudnnTensorStruct shape =
            shapeOf(mode, xDesc, dxDesc, channelDesc, epsilon);
        demand(shape.sameShape(vgpu::tensor(dyDesc, "dyDesc")), "x and dy differ in shape");
        const Blend data{scalar(alphaData, "alphaDataDiff"), scalar(betaData, "betaDataDiff")};
        const Blend parameters{scalar(alphaParam, "alphaParamDiff"),
                               scalar(betaParam, "betaParamDiff")};
        demand(savedMean != nullptr && savedInverseDeviation != nullptr,
               "only with the saved statistics is it there", CUDNN_STATUS_NOT_SUPPORTED);
        const vgpu::Region result = region(dx, shape.size(), "dx");
        const vgpu::Region scales = region(dBnScale, shape.c, "dBnScaleResult");
        const vgpu::Region biases = region(dBnBias, shape.c, "dBnBiasResult");
        LibraryCall call;
        call.name = "cudnnBatchNormalizationBackward";
        call.reads = {region(x, shape.size(), "x"),
                      region(dy, shape.size(), "dy"),
                      region(bnScale, shape.c, "bnScale"),
                      region(savedMean, shape.c, "savedMean"),
                      region(savedInverseDeviation, shape.c, "savedInvVariance"),
                      vgpu::addend(result, data.beta),
                      vgpu::addend(scales, parameters.beta),
                      vgpu::addend(biases, parameters.beta)};
        call.writes = {result, scales, biases};
        call.floatOperations = 10 * shape.size();
        call.run = [=](const Operands& operands) {
            const float* in = operands.reads[0];
            const float* gradient = operands.reads[1];
            const double count = double(shape.n) * shape.h * shape.w;
            vgpu::parallel(shape.c, [&](std::size_t c) {
                const double mean = operands.reads[3][c];
                const double inverse = operands.reads[4][c];
                double sum = 0, normalized = 0;
                eachValue(shape, c, [&](std::size_t i) {
                    sum += gradient[i];
                    normalized += gradient[i] * ((in[i] - mean) * inverse);
                });
                const double scale = operands.reads[2][c] * inverse;
                eachValue(shape, c, [&](std::size_t i) {
                    const double centred = gradient[i] - sum / count -
                                           (in[i] - mean) * inverse * normalized / count;
                    data.store(scale * centred, operands.writes[0][i]);
                });
                parameters.store(normalized, operands.writes[1][c]);
                parameters.store(sum, operands.writes[2][c]);
            });
        };
        vgpu::queue(get(handle, "handle"), std::move(call));
    });
}
