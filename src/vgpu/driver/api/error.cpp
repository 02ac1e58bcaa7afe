// Names and descriptions of statuses.
#include <map>

#include "driver/driver.h"

using namespace vgpu;

namespace {

struct Words {
    const char* name;
    const char* description;
};

#define STATUS(name, description) {name, {#name, description}}

const std::map<CUresult, Words> kWords = {
    STATUS(CUDA_SUCCESS, "no error"),
    STATUS(CUDA_ERROR_INVALID_VALUE, "invalid argument"),
    STATUS(CUDA_ERROR_OUT_OF_MEMORY, "out of memory"),
    STATUS(CUDA_ERROR_NOT_INITIALIZED, "initialization error"),
    STATUS(CUDA_ERROR_NO_DEVICE, "no CUDA-capable device is detected"),
    STATUS(CUDA_ERROR_INVALID_DEVICE, "invalid device ordinal"),
    STATUS(CUDA_ERROR_INVALID_IMAGE, "device kernel image is invalid"),
    STATUS(CUDA_ERROR_INVALID_CONTEXT, "invalid device context"),
    STATUS(CUDA_ERROR_UNSUPPORTED_LIMIT, "limit is not supported on this architecture"),
    STATUS(CUDA_ERROR_INVALID_PTX, "a PTX JIT compilation failed"),
    STATUS(CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
           "the provided PTX was compiled with an unsupported toolchain."),
    STATUS(CUDA_ERROR_INVALID_HANDLE, "invalid resource handle"),
    STATUS(CUDA_ERROR_ILLEGAL_STATE, "the operation cannot be performed in the present state"),
    STATUS(CUDA_ERROR_NOT_FOUND, "named symbol not found"),
    STATUS(CUDA_ERROR_NOT_READY, "device not ready"),
    STATUS(CUDA_ERROR_ILLEGAL_ADDRESS, "an illegal memory access was encountered"),
    STATUS(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "too many resources requested for launch"),
    STATUS(CUDA_ERROR_LAUNCH_TIMEOUT, "the launch timed out and was terminated"),
    STATUS(CUDA_ERROR_CONTEXT_IS_DESTROYED, "context is destroyed"),
    STATUS(CUDA_ERROR_ASSERT, "device-side assert triggered"),
    STATUS(CUDA_ERROR_MISALIGNED_ADDRESS, "misaligned address"),
    STATUS(CUDA_ERROR_INVALID_ADDRESS_SPACE,
           "operation not supported on global/shared address space"),
    STATUS(CUDA_ERROR_LAUNCH_FAILED, "unspecified launch failure"),
    STATUS(CUDA_ERROR_NOT_SUPPORTED, "operation not supported"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
           "operation not permitted when stream is capturing"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED,
           "operation failed due to a previous error during capture"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_MERGE,
           "operation would result in a merge of separate capture sequences"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED,
           "capture was not ended in the same stream as it began"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_UNJOINED, "capturing stream has unjoined work"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_ISOLATION,
           "dependency created on uncaptured work in another stream"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT,
           "operation would make the legacy stream depend on a capturing blocking stream"),
    STATUS(CUDA_ERROR_CAPTURED_EVENT,
           "operation not permitted on an event last recorded in a capturing stream"),
    STATUS(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD,
           "attempt to terminate a thread-local capture sequence from another thread"),
    STATUS(CUDA_ERROR_UNKNOWN, "unknown error"),
};

#undef STATUS

CUresult words(CUresult status, const char** text, const char* Words::* field) {
    if (text == nullptr) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const auto found = kWords.find(status);
    *text = found == kWords.end() ? nullptr : found->second.*field;
    return found == kWords.end() ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

}  // namespace

VGPU_API CUresult cuGetErrorName(CUresult status, const char** name) {
    return words(status, name, &Words::name);
}

VGPU_API CUresult cuGetErrorString(CUresult status, const char** description) {
    return words(status, description, &Words::description);
}
