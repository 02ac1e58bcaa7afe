// Finds the variables of a warp's access, whatever its state space.
#include "execute/instruction/memory_access.h"

#include <algorithm>

#include "execute/lanes.h"

namespace vgpu {
namespace {

void locateShared(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
                  Use use, std::uint8_t** places) {
    SharedMemory& shared = warp.owner().shared;
    std::uint32_t offsets[kLanes];
    shared.access(warp, addresses, mask, bytes, bytes, use != Use::Read, offsets);
    forLanes(mask, [&](int l) { places[l] = shared.data() + offsets[l]; });
}

void locateLocal(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
                 Use use, std::uint8_t** places) {
    LocalMemory& local = warp.owner().local;
    forLanes(mask, [&](int l) {
        places[l] = local.access(warp, l, addresses[l], bytes, bytes, use == Use::Write);
    });
}

void locateParameter(Warp& warp, const std::uint64_t* addresses, std::uint32_t mask,
                     unsigned bytes, std::uint8_t** places) {
    const auto& parameters = warp.owner().launch.parameters;
    forLanes(mask, [&](int l) {
        if (addresses[l] > parameters.size() || addresses[l] + bytes > parameters.size()) {
            warp.fault(CUDA_ERROR_ILLEGAL_ADDRESS, l,
                       "byte " + std::to_string(addresses[l]) + " of " +
                           std::to_string(parameters.size()) + " bytes of parameters");
        }
        places[l] = const_cast<std::uint8_t*>(parameters.data()) + addresses[l];  // read only
    });
}

void locateGeneric(Warp& warp, std::uint64_t* addresses, std::uint32_t mask, unsigned bytes,
                   Use use, std::uint8_t** places) {
    std::uint32_t shared = 0, local = 0;
    forLanes(mask, [&](int l) {
        std::uint64_t window = addresses[l] / kWindowBytes * kWindowBytes;
        if (window == kSharedWindow) {
            shared |= 1u << l;
        } else if (window == kLocalWindow) {
            local |= 1u << l;
        }
    });
    forLanes(shared | local, [&](int l) { addresses[l] %= kWindowBytes; });
    if (shared != 0) {
        locateShared(warp, addresses, shared, bytes, use, places);
    }
    if (local != 0) {
        locateLocal(warp, addresses, local, bytes, use, places);
    }
    if ((mask & ~shared & ~local) != 0) {
        accessGlobal(warp, addresses, mask & ~shared & ~local, bytes, bytes, use, places);
    }
}

}  // namespace

void locate(Warp& warp, const Instruction& i, std::uint32_t mask, unsigned bytes, Use use,
            std::uint8_t** places) {
    std::uint64_t addresses[kLanes];
    auto offset = static_cast<std::uint64_t>(i.immediate);
    if (i.wideAddress) {
        Column<std::uint64_t> base(warp, i.in[0]);
        for (int l = 0; l < kLanes; ++l) {
            addresses[l] = base[l] + offset;
        }
    } else {
        Column<std::uint32_t> base(warp, i.in[0]);
        for (int l = 0; l < kLanes; ++l) {
            addresses[l] = static_cast<std::uint32_t>(base[l] + offset);
        }
    }
    switch (i.space) {
        case Space::Global:
        case Space::Const: accessGlobal(warp, addresses, mask, bytes, bytes, use, places); break;
        case Space::Shared: locateShared(warp, addresses, mask, bytes, use, places); break;
        case Space::Local: locateLocal(warp, addresses, mask, bytes, use, places); break;
        case Space::Param: locateParameter(warp, addresses, mask, bytes, places); break;
        case Space::Generic: locateGeneric(warp, addresses, mask, bytes, use, places); break;
    }
}

Space takeSpace(Decoder& d) {
    static const std::map<std::string, Space> kSpaces = {
        {"global", Space::Global},        {"const", Space::Const},
        {"shared", Space::Shared},        {"shared::cta", Space::Shared},
        {"local", Space::Local},          {"param", Space::Param},
        {"param::entry", Space::Param},   {"param::func", Space::Param}};
    for (const auto& [name, space] : kSpaces) {
        if (d.take(name)) {
            return space;
        }
    }
    return Space::Generic;
}

void takeOrdering(Decoder& d) {
    for (const char* word :
         {"weak", "relaxed", "acquire", "release", "acq_rel", "volatile", "cta", "cluster", "gpu",
          "sys", "nc", "ca", "cg", "cs", "lu", "cv", "wb", "wt", "L1::evict_first",
          "L1::evict_last", "L1::evict_unchanged", "L1::evict_normal", "L1::no_allocate",
          "L2::64B", "L2::128B", "L2::256B"}) {
        d.take(word);
    }
}

}  // namespace vgpu
