// A small generator, for orders that a seed chooses.
#pragma once

#include <cstdint>

namespace vgpu {

// SplitMix64 (Steele, Lea, Flood 2014).
inline std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

class Random {
   public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15u); }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

   private:
    std::uint64_t state_;
};

}  // namespace vgpu
