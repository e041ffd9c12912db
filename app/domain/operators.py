"""Making somebody support staff."""

from app.domain import audit, users
from app.domain.acts import act
from app.domain.audit import Change, Deed, Target
from app.domain.calls import Call
from app.domain.users import Registration
from app.kit import addresses
from models import NO_ACCOUNT, AuditAction, Operator, OperatorRole, User


async def appoint(call: Call, registration: Registration, role: OperatorRole) -> bool:
    """Give a user a rank; who is none yet becomes one. Whether a user was made."""
    key = addresses.normalise(registration.email).key
    known = await User.get_or_none(email_key=key)
    user = known or await users.prepare(call, registration)

    async with act(call, NO_ACCOUNT) as under_way:
        if known is None:
            await users.add(under_way, user)
        held = await Operator.get_or_none(user_id=user.id)
        if held is None:
            held = await Operator.create(user_id=user.id, role=role, created_at=under_way.now)
        else:
            await Operator.filter(id=held.id).update(role=role)
        targets = (Target(held.id, "Operator", user.display_name),)
        deed = Deed(AuditAction.OPERATOR_SAVED, targets, (Change("role", None, role),))
        await under_way.record(NO_ACCOUNT, audit.SYSTEM, deed)
    return known is None
