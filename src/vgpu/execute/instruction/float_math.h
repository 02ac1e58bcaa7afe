// Details of floating-point arithmetic on a GPU.
#pragma once

#include <cfenv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace vgpu {

template <class To, class From>
inline To bitCast(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

// .ftz: a subnormal becomes a zero of its sign.
inline float flush(float x) {
    std::uint32_t bits = bitCast<std::uint32_t>(x);
    return (bits & 0x7F800000u) == 0 ? bitCast<float>(bits & 0x80000000u) : x;
}
inline double flush(double x) { return x; }  // there is no .ftz for f64

// .sat: to [0, 1], and NaN to 0.
template <class T>
inline T saturate(T x) {
    return x > T{0} ? (x < T{1} ? x : T{1}) : T{0};
}

// Rounds toward zero, down or up while it lives. Operands must be volatile, so that the compiler
// does not compute ahead.
class DirectedRounding {
   public:
    explicit DirectedRounding(int mode) : before_(std::fegetround()) { std::fesetround(mode); }
    ~DirectedRounding() { std::fesetround(before_); }
    DirectedRounding(const DirectedRounding&) = delete;
    DirectedRounding& operator=(const DirectedRounding&) = delete;

   private:
    int before_;
};

}  // namespace vgpu
