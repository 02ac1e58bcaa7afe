// Where the lanes of a load, store or atomic find their variables in host memory.
#pragma once

#include <cstdint>

#include "execute/decode/decoder.h"
#include "execute/memory/global.h"

namespace vgpu {

// Addresses of in[0] + immediate in the instruction's space, checked for `bytes` bytes, aligned to
// as many. Generic addresses may be of a different space in each lane.
void locate(Warp& warp, const Instruction& i, std::uint32_t mask, unsigned bytes, Use use,
            std::uint8_t** places);

// The modifiers that say where: a state space, and how strongly ordered and cached, which changes
// nothing here.
Space takeSpace(Decoder& d);
void takeOrdering(Decoder& d);

}  // namespace vgpu
