// Loops over the lanes of a warp, written so that the compiler turns them into vector code.
#pragma once

#include <cstdint>
#include <type_traits>

#include "execute/warp.h"

namespace vgpu {

// Registers of 8 and 16 bits live in the low bits of a 32-bit word; the rest of it is arbitrary.
template <class T>
using Stored = std::conditional_t<(sizeof(T) < 4), std::uint32_t, T>;

template <class T>
class Column {
   public:
    Column(Warp& warp, Operand operand)
        : values_(reinterpret_cast<Value*>(warp.words(operand))) {}
    T operator[](int lane) const { return static_cast<T>(values_[lane]); }
    void set(int lane, T value) { values_[lane] = static_cast<Stored<T>>(value); }

   private:
    typedef Stored<T> __attribute__((may_alias)) Value;
    Value* values_;
};

// Sets the lanes of `mask` of a register to f(lane). f runs for all lanes: it must be harmless.
template <class T, class F>
inline void each(Warp& warp, Operand out, std::uint32_t mask, F f) {
    Column<T> result(warp, out);
    if (mask == kFullMask) {
#pragma GCC ivdep
        for (int lane = 0; lane < kLanes; ++lane) {
            result.set(lane, f(lane));
        }
        return;
    }
    T values[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
        values[lane] = f(lane);
    }
#pragma GCC ivdep
    for (int lane = 0; lane < kLanes; ++lane) {
        result.set(lane, (mask >> lane) & 1 ? values[lane] : result[lane]);
    }
}

// Calls f(lane) for each lane of `mask`.
template <class F>
inline void forLanes(std::uint32_t mask, F f) {
    for (; mask != 0; mask &= mask - 1) {
        f(__builtin_ctz(mask));
    }
}

// As each(), one lane at a time and only those of `mask`: for what is slow or may trap.
template <class T, class F>
inline void eachActive(Warp& warp, Operand out, std::uint32_t mask, F f) {
    Column<T> result(warp, out);
    forLanes(mask, [&](int lane) { result.set(lane, f(lane)); });
}

// The lanes for which f holds.
template <class F>
inline std::uint32_t test(F f) {
    std::uint32_t bits = 0;
    for (int lane = 0; lane < kLanes; ++lane) {
        bits |= f(lane) ? 1u << lane : 0u;
    }
    return bits;
}

template <class Op, class T, class Result = T>
void unary(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]);
    each<Result>(warp, i.out[0], mask, [&](int l) { return Op::apply(a[l]); });
}

template <class Op, class T, class Result = T>
void binary(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    each<Result>(warp, i.out[0], mask, [&](int l) { return Op::apply(a[l], b[l]); });
}

template <class Op, class T>
void ternary(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]), c(warp, i.in[2]);
    each<T>(warp, i.out[0], mask, [&](int l) { return Op::apply(a[l], b[l], c[l]); });
}

template <class Op, class T, class Result = T>
void unarySlow(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]);
    eachActive<Result>(warp, i.out[0], mask, [&](int l) { return Op::apply(a[l]); });
}

template <class Op, class T>
void binarySlow(Warp& warp, const Instruction& i, std::uint32_t mask) {
    Column<T> a(warp, i.in[0]), b(warp, i.in[1]);
    eachActive<T>(warp, i.out[0], mask, [&](int l) { return Op::apply(a[l], b[l]); });
}

}  // namespace vgpu
