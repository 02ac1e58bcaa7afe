// The counter-based random generator Philox 4×32-10, word for word org.centerloss.base.Philox.
//
// Source: Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
#pragma once

// The last word of an address.
static constexpr unsigned kPhiloxAugmentation = 2;

// The four words at the address `c`; the key is the seed, its low half first.
__device__ __forceinline__ uint4 philox(long long seed, uint4 c) {
    unsigned key0 = static_cast<unsigned>(seed);
    unsigned key1 = static_cast<unsigned>(seed >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++) {
        c = make_uint4(__umulhi(0xCD9E8D57u, c.z) ^ c.y ^ key0, 0xCD9E8D57u * c.z,
                       __umulhi(0xD2511F53u, c.x) ^ c.w ^ key1, 0xD2511F53u * c.x);
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return c;
}
