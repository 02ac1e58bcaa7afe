// What goes wrong on the virtual GPU: the driver's status and one line that says what, and where.
#pragma once

#include <stdexcept>
#include <string>

#include "common/cuda.h"

namespace vgpu {

struct Fault : std::runtime_error {
    Fault(CUresult status, const std::string& message)
        : std::runtime_error(message), status(status) {}

    CUresult status;
};

}  // namespace vgpu
