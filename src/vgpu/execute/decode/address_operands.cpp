// Decoding of operands: predicates, addresses, parameters of functions that are called.
#include "execute/decode/decoder.h"
#include "execute/warp.h"

namespace vgpu {
namespace {

void notPredicate(Warp& warp, const Instruction& i, std::uint32_t mask) {
    std::uint32_t& out = warp.predicate(i.out[0]);
    out = (out & ~mask) | (~warp.predicate(i.in[0]) & mask);
}

}  // namespace

Operand Decoder::inPredicate(const PtxOperand& operand) {
    if (operand.kind == PtxOperand::Kind::Number) {
        return operand.number.bits != 0 ? kTruePredicate : kFalsePredicate;
    }
    const Symbol& symbol = require(operand.name);
    if (symbol.kind != Symbol::Kind::Predicate) {
        fail("'" + operand.name + "' is not a predicate");
    }
    Operand predicate = symbol.operand;
    if (operand.negated) {
        Operand negation = scratchPredicate();
        Instruction& i = emitUncounted(notPredicate);
        i.in[0] = predicate;
        i.out[0] = negation;
        return negation;
    }
    return predicate;
}

Operand Decoder::outPredicate(const std::string& name) {
    if (name == "_" || name.empty()) {
        return scratchPredicate();
    }
    const Symbol& symbol = require(name);
    if (symbol.kind != Symbol::Kind::Predicate) {
        fail("'" + name + "' is not a predicate");
    }
    return symbol.operand;
}

void Decoder::address(Instruction& instruction, const PtxOperand& operand, Space space) {
    if (operand.kind != PtxOperand::Kind::Address) {
        fail("expected an [address]");
    }
    instruction.space = space;
    std::uint64_t address = 0;
    if (operand.name.empty() || symbolAddress(operand, address)) {
        instruction.in[0] = constant(operand.name.empty() ? operand.number.bits : address, 64);
        return;
    }
    const Symbol& symbol = registerNamed(operand.name, 32, 64);
    instruction.in[0] = symbol.operand;
    instruction.wideAddress = symbol.bits == 64;
    instruction.immediate = static_cast<std::int64_t>(operand.number.bits);
}

bool Decoder::callParameter(const PtxOperand& operand, std::size_t element, unsigned bytes,
                            Operand& slot) {
    const Symbol* symbol = find(operand.name);
    if (symbol == nullptr || symbol->kind != Symbol::Kind::CallParameter) {
        return false;
    }
    std::size_t offset = operand.number.bits + element * bytes;
    auto [entry, fresh] = callSlots_.try_emplace({symbol->address, offset}, 0, bytes);
    if (fresh) {
        entry->second.first = scratch(64);
    } else if (entry->second.second != bytes) {
        fail("a call parameter that is read in another width than it was written");
    }
    slot = entry->second.first;
    return true;
}

}  // namespace vgpu
